package io.stoq.cid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ConnectionIdTest {

    @Test
    void isAValue() {
        ConnectionId id = ConnectionId.of(new byte[] {1, 2, (byte) 0xff});
        assertEquals(id, ConnectionId.of(new byte[] {9, 1, 2, (byte) 0xff}, 1, 3));
        assertEquals(id.hashCode(), ConnectionId.of(id.bytes()).hashCode());
        assertNotEquals(id, ConnectionId.of(new byte[] {1, 2}));
        assertEquals("0102ff", id.toString());
        assertEquals(3, id.length());
    }

    @Test
    void doesNotShareItsBytes() {
        byte[] bytes = {1, 2, 3};
        ConnectionId id = ConnectionId.of(bytes);
        bytes[0] = 9;
        id.bytes()[1] = 9;
        assertEquals(ConnectionId.of(new byte[] {1, 2, 3}), id);
    }

    @Test
    void hasAtMostTwentyBytes() {
        assertEquals(20, ConnectionId.of(new byte[20]).length());
        assertEquals(0, ConnectionId.of(new byte[0]).length());
        assertThrows(IllegalArgumentException.class, () -> ConnectionId.of(new byte[21]));
    }

    @Test
    void ordersByUnsignedBytesSoThatCollisionsStayCheap() {
        assertTrue(ConnectionId.of(new byte[] {1}).compareTo(ConnectionId.of(new byte[] {(byte) 0x80})) < 0);
        assertEquals(0, ConnectionId.of(new byte[] {1}).compareTo(ConnectionId.of(new byte[] {1})));
    }
}
