package io.stoq.transport.io;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says once what the sockets of a transport lack, why that matters and what would help. Any thread.
 *
 * <p>None of it keeps a socket from working: it is slower, or loses datagrams under load.
 */
public final class SocketNotices {

    private final Consumer<String> log;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param log takes one sentence at a time */
    public SocketNotices(Consumer<String> log) {
        this.log = log;
    }

    /** A socket was opened, or can do less than before; compares with what was asked for. */
    public void onCapabilities(SocketOptions asked, SocketCapabilities granted) {
        compareBuffers("receive", "rmem_max", asked.receiveBufferBytes(), granted.receiveBufferBytes());
        compareBuffers("send", "wmem_max", asked.sendBufferBytes(), granted.sendBufferBytes());
        if (!granted.dontFragment()) {
            say(
                    "the system does not let sockets forbid fragmentation (IPV6_MTU_DISCOVER), so datagrams keep to the 1232"
                            + " bytes that every IPv6 path carries");
        }
        if (granted.name().equals("nio")) {
            return; // which has no offloads; whoever chose it was told why
        }
        if (asked.gso() && !granted.gso()) {
            say("UDP sends are not segmented (GSO: Linux 4.18 or newer, and a device that takes it):"
                    + " each datagram costs a system call");
        }
        if (asked.gro() && !granted.gro()) {
            say("UDP receives are not coalesced (GRO: Linux 5.0 or newer): each datagram costs a system call");
        }
    }

    private void compareBuffers(String direction, String limit, int askedBytes, int grantedBytes) {
        if (grantedBytes < askedBytes) {
            say("the kernel grants sockets " + grantedBytes + " bytes of " + direction + " buffer, not " + askedBytes
                    + ": datagrams are dropped when they come fast; allow more by sysctl -w net.core." + limit + "="
                    + askedBytes);
        }
    }

    private void say(String notice) {
        if (said.add(notice)) {
            log.accept(notice);
        }
    }
}
