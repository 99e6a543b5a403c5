package io.stoq.transport;

import io.stoq.StoqException;
import java.net.InetSocketAddress;
import java.util.List;

/** Finds the addresses of a pool's endpoint. Called on a virtual thread; it may block. */
@FunctionalInterface
public interface PoolResolver {

    /**
     * @return all addresses, the best first; those that are not IPv6 are left out
     * @throws StoqException where there is none, with words that help
     */
    List<InetSocketAddress> resolve(String host, int port) throws StoqException;

    /** The Java platform's: all AAAA records of the name. */
    static PoolResolver system() {
        return Ipv6::resolveAll;
    }
}
