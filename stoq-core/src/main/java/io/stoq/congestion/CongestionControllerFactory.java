package io.stoq.congestion;

/** Makes a controller for each connection, and another one for each new path. Shared by loops, so without state. */
@FunctionalInterface
public interface CongestionControllerFactory {

    /** A new controller for one path. Called on the connection's loop. */
    CongestionController create(CongestionParameters parameters);
}
