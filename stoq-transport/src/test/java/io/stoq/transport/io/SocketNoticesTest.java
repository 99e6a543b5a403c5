package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketNoticesTest {

    private static final SocketOptions ASKED = SocketOptions.DEFAULT;

    private final List<String> said = new ArrayList<>();
    private final SocketNotices notices = new SocketNotices(said::add);

    @Test
    void aSocketThatGotAllThatWasAskedForIsNotTalkedAbout() {
        notices.onCapabilities(ASKED, granted(true, true, ASKED.receiveBufferBytes()));
        assertEquals(List.of(), said);
    }

    @Test
    void aSmallBufferIsToldOnceWithTheRemedy() {
        notices.onCapabilities(ASKED, granted(true, true, 212_992));
        notices.onCapabilities(ASKED, granted(true, true, 212_992));
        assertEquals(1, said.size());
        assertTrue(said.getFirst().contains("212992"), said.getFirst());
        assertTrue(said.getFirst().contains("sysctl -w net.core.rmem_max=4194304"), said.getFirst());
    }

    @Test
    void missingOffloadsAreToldOnceEach() {
        notices.onCapabilities(ASKED, granted(false, false, ASKED.receiveBufferBytes()));
        notices.onCapabilities(ASKED, granted(false, false, ASKED.receiveBufferBytes()));
        assertEquals(2, said.size());
        assertTrue(said.getFirst().contains("GSO"), said.getFirst());
        assertTrue(said.getLast().contains("GRO"), said.getLast());
    }

    @Test
    void offloadsThatNobodyAskedForAreNotMissed() {
        SocketOptions plain = new SocketOptions(4096, 4096, false, false, false, 1200);
        notices.onCapabilities(plain, granted(false, false, 4096));
        assertEquals(List.of(), said);
    }

    @Test
    void aSystemThatFragmentsIsToldOnce() {
        for (int sockets = 0; sockets < 2; sockets++) {
            notices.onCapabilities(ASKED, granted(true, true, false, ASKED.receiveBufferBytes()));
        }
        assertEquals(1, said.size());
        assertTrue(said.getFirst().contains("IPV6_MTU_DISCOVER"), said.getFirst());
        assertTrue(said.getFirst().contains("1232 bytes"), said.getFirst());
    }

    private static SocketCapabilities granted(boolean gso, boolean gro, int receiveBufferBytes) {
        return granted(gso, gro, true, receiveBufferBytes);
    }

    private static SocketCapabilities granted(boolean gso, boolean gro, boolean dontFragment, int receiveBufferBytes) {
        return new SocketCapabilities(
                "epoll",
                gso,
                gro,
                true,
                true,
                dontFragment,
                gso ? 64 : 1,
                65_487,
                receiveBufferBytes,
                ASKED.sendBufferBytes());
    }
}
