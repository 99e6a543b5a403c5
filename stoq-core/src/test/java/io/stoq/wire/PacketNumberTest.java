package io.stoq.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketNumberTest {

    @Test // RFC 9000 Appendix A.2
    void lengthFollowsTheExamplesOfTheRfc() {
        assertEquals(2, PacketNumber.length(0xac5c02, 0xabe8b3));
        assertEquals(3, PacketNumber.length(0xace8fe, 0xabe8b3));
    }

    @Test // RFC 9000 Appendix A.3
    void decodingFollowsTheExampleOfTheRfc() {
        assertEquals(0xa82f9b32L, PacketNumber.decode(0xa82f30eaL, 0x9b32, 2));
    }

    @Test // RFC 9000 §17.1
    void lengthCoversMoreThanTwiceWhatIsNotAcknowledged() {
        assertEquals(1, PacketNumber.length(0, -1));
        assertEquals(1, PacketNumber.length(126, -1));
        assertEquals(2, PacketNumber.length(127, -1));
        assertEquals(1, PacketNumber.length(1127, 1000));
        assertEquals(2, PacketNumber.length(1128, 1000));
        assertEquals(2, PacketNumber.length(1000 + 0x7fff, 1000));
        assertEquals(3, PacketNumber.length(1000 + 0x8000, 1000));
        assertEquals(3, PacketNumber.length(1000 + 0x7fffff, 1000));
        assertEquals(4, PacketNumber.length(1000 + 0x800000, 1000));
        assertEquals(4, PacketNumber.length(1000 + 0x7fffffffL, 1000));
    }

    @Test
    void firstPacketIsDecodedWithNothingReceived() {
        assertEquals(0, PacketNumber.decode(-1, 0, 1));
        assertEquals(1, PacketNumber.decode(-1, 1, 4));
    }

    @Test
    void numbersNeverLeaveTheirRange() {
        assertEquals(0xff, PacketNumber.decode(0, 0xff, 1), "nothing lies one window below");
        assertEquals(PacketNumber.MAX & ~0xffL, PacketNumber.decode(PacketNumber.MAX - 1, 0, 1));
        assertEquals(PacketNumber.MAX, PacketNumber.decode(PacketNumber.MAX - 1, 0xff, 1));
    }

    @Test
    void everyNumberComesBackWhateverOfItsWindowArrived() {
        Random random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            long packetNumber = random.nextLong(PacketNumber.MAX >> random.nextInt(60)) + 1;
            long outstanding = 1 + random.nextLong(Math.min(packetNumber, 0x7fffffffL >> random.nextInt(31)) + 1);
            long largestAcked = Math.max(-1, packetNumber - outstanding);
            int bytes = PacketNumber.length(packetNumber, largestAcked);
            long truncated = packetNumber & (1L << 8 * bytes) - 1;
            // The receiver has at least what was acknowledged, at most what can still arrive before this packet does.
            long largestReceived = largestAcked + random.nextLong(packetNumber - largestAcked);
            assertEquals(packetNumber, PacketNumber.decode(largestReceived, truncated, bytes));
            long overtaken = packetNumber + random.nextLong(1L << 8 * bytes - 1);
            if (overtaken <= PacketNumber.MAX && packetNumber >= 1L << 8 * bytes) {
                assertEquals(packetNumber, PacketNumber.decode(overtaken - 1, truncated, bytes));
            }
        }
    }
}
