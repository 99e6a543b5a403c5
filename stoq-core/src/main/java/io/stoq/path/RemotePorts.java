package io.stoq.path;

/** Ports that a peer's packets must not come from. */
public final class RemotePorts {

    private RemotePorts() {}

    /**
     * Whether packets must not be sent to this UDP port: services that answer to, or are confused by, datagrams that an
     * attacker makes us send. No client and no NAT picks them as source ports. RFC 9000 §21.5.6.
     */
    public static boolean isBlocked(int port) {
        return switch (port) {
            case 0, // not a port
                    17, // quote of the day
                    19, // chargen
                    53, // DNS
                    69, // TFTP
                    111, // portmapper
                    123, // NTP
                    137, // NetBIOS name service
                    138, // NetBIOS datagram service
                    161, // SNMP
                    389, // CLDAP
                    500, // IKE
                    1900, // SSDP
                    3702, // WS-Discovery
                    5353, // multicast DNS
                    5355, // LLMNR
                    11211 -> true; // memcached
            default -> false;
        };
    }
}
