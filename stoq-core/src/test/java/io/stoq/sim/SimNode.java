package io.stoq.sim;

/**
 * A participant of a simulation, or an element of its network. Confined to the simulation's thread.
 *
 * <p>An endpoint's adapter splits the trains that the endpoint transmits ({@link SimDatagram#split}) and keeps them in
 * a queue that {@link #pollTransmit} empties.
 */
public interface SimNode {

    /** A datagram arrives; its payload is the node's to keep or overwrite. */
    void onDatagram(long nowNs, SimDatagram datagram);

    /** Called when the time that {@link #nextDeadlineNs} named has come. */
    void onTimeout(long nowNs);

    /** The next datagram to send, or null: none now. */
    SimDatagram pollTransmit(long nowNs);

    /** Valid after {@link #pollTransmit} returned null; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNs();
}
