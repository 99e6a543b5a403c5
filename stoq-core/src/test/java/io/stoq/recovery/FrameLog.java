package io.stoq.recovery;

import io.stoq.crypto.EncryptionLevel;

/** A log of sent frames without a connection, for tests of those who write frames: the test decides what is acked and lost. */
public final class FrameLog {

    public final SentPackets packets = new SentPackets(null, 0);

    /** The open packet was sent; returns its number. */
    public long send() {
        long packetNumber = packets.nextPacketNumber();
        packets.complete(0, 1200, true, true, false);
        return packetNumber;
    }

    public void acked(long packetNumber, SentFrameListener listener) {
        packets.reportAcked(EncryptionLevel.APPLICATION, packetNumber, packetNumber, listener);
    }

    public void lost(long packetNumber, SentFrameListener listener) {
        packets.reportLost(EncryptionLevel.APPLICATION, packetNumber, listener);
    }
}
