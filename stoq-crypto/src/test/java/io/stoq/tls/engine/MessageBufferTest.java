package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import org.junit.jupiter.api.Test;

class MessageBufferTest {

    private final MessageBuffer buffer = new MessageBuffer();

    @Test
    void messagesComeOutWholeAndOneByOne() {
        byte[] two = {1, 0, 0, 2, 7, 8, 20, 0, 0, 0, 11, 0};
        for (int i = 0; i < 5; i++) {
            assertTrue(buffer.append(two, i, 1));
            assertNull(buffer.pollMessage());
        }
        assertTrue(buffer.append(two, 5, 7));
        assertArrayEquals(new byte[] {1, 0, 0, 2, 7, 8}, buffer.pollMessage());
        assertEquals(20, buffer.nextType());
        assertArrayEquals(new byte[] {20, 0, 0, 0}, buffer.pollMessage());
        assertEquals(11, buffer.nextType());
        assertNull(buffer.pollMessage());
        assertFalse(buffer.isEmpty());
        buffer.clear();
        assertEquals(-1, buffer.nextType());
    }

    @Test
    void theLongestMessageFitsAndALongerOneIsRefusedByItsHeader() {
        byte[] longest = new byte[4 + MessageBuffer.MAX_MESSAGE_BYTES];
        longest[0] = 11;
        longest[1] = 1;
        assertTrue(buffer.append(longest, 0, longest.length));
        assertArrayEquals(longest, buffer.pollMessage());
        assertTrue(buffer.append(new byte[] {11, 1, 0, 1}, 0, 4));
        assertEquals(
                TransportErrorCode.CRYPTO_BUFFER_EXCEEDED,
                assertThrows(TransportException.class, buffer::pollMessage).code());
    }

    @Test
    void moreThanTheBoundIsNotTaken() {
        byte[] chunk = new byte[1000];
        int taken = 0;
        while (buffer.append(chunk, 0, chunk.length)) {
            taken += chunk.length;
        }
        assertTrue(taken <= MessageBuffer.MAX_BUFFERED_BYTES);
        assertTrue(taken > MessageBuffer.MAX_BUFFERED_BYTES - chunk.length);
        assertTrue(buffer.append(chunk, 0, MessageBuffer.MAX_BUFFERED_BYTES - taken));
        assertFalse(buffer.append(chunk, 0, 1));
    }
}
