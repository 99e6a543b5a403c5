package io.stoq.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class PathTest {

    private final Path path = new Path(new InetSocketAddress("2001:db8::1", 4433), null);

    @Test
    void anUnvalidatedAddressGetsThreeTimesWhatCameFromIt() {
        assertEquals(0, path.allowanceBytes());
        path.onReceived(1200);
        assertEquals(3600, path.allowanceBytes());
        path.onSent(1200);
        path.onSent(2000);
        assertEquals(400, path.allowanceBytes());
        path.onReceived(1);
        assertEquals(403, path.allowanceBytes());
    }

    @Test
    void theAllowanceIsNeverNegative() {
        path.onReceived(10);
        path.onSent(31);
        assertEquals(0, path.allowanceBytes());
        path.onReceived(1);
        assertEquals(2, path.allowanceBytes(), "what was sent too much is owed");
    }

    @Test
    void aValidatedAddressHasNoLimit() {
        assertFalse(path.isValidated());
        path.onValidated();
        assertTrue(path.isValidated());
        path.onSent(1 << 30);
        assertEquals(Long.MAX_VALUE, path.allowanceBytes());
        assertEquals(1 << 30, path.sentBytes());
        assertEquals(0, path.receivedBytes());
    }

    @Test
    void portsOfServicesThatAnswerAnybodyAreBlocked() {
        int[] blocked = {0, 17, 19, 53, 69, 111, 123, 137, 138, 161, 389, 500, 1900, 3702, 5353, 5355, 11211};
        for (int port : blocked) {
            assertTrue(RemotePorts.isBlocked(port), "port " + port);
        }
        for (int port : new int[] {1, 443, 1024, 4433, 49152, 65535}) {
            assertFalse(RemotePorts.isBlocked(port), "port " + port);
        }
    }
}
