package io.stoq.bench.micro;

import io.stoq.wire.frame.AckBlock;
import io.stoq.wire.frame.FrameSink;

/** Takes frames and adds up what they say, so that nothing of the reader's work is for nothing. */
final class SummingSink implements FrameSink {

    long sum;

    @Override
    public void onPing() {
        sum++;
    }

    @Override
    public void onAck(AckBlock ack) {
        sum += ack.largest + ack.ranges;
    }

    @Override
    public void onResetStream(long id, long code, long finalSize) {
        sum += id + code + finalSize;
    }

    @Override
    public void onStopSending(long id, long code) {
        sum += id + code;
    }

    @Override
    public void onCrypto(long offset, byte[] data, int at, int length) {
        sum += offset + length;
    }

    @Override
    public void onNewToken(byte[] data, int at, int length) {
        sum += length;
    }

    @Override
    public void onStream(long id, long offset, byte[] data, int at, int length, boolean fin) {
        sum += id + offset + length;
    }

    @Override
    public void onMaxData(long maximum) {
        sum += maximum;
    }

    @Override
    public void onMaxStreamData(long id, long maximum) {
        sum += id + maximum;
    }

    @Override
    public void onMaxStreams(boolean bidirectional, long maximum) {
        sum += maximum;
    }

    @Override
    public void onDataBlocked(long limit) {
        sum += limit;
    }

    @Override
    public void onStreamDataBlocked(long id, long limit) {
        sum += id + limit;
    }

    @Override
    public void onStreamsBlocked(boolean bidirectional, long limit) {
        sum += limit;
    }

    @Override
    public void onNewConnectionId(
            long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt) {
        sum += sequence + cidLength;
    }

    @Override
    public void onRetireConnectionId(long sequence) {
        sum += sequence;
    }

    @Override
    public void onPathChallenge(long data) {
        sum += data;
    }

    @Override
    public void onPathResponse(long data) {
        sum += data;
    }

    @Override
    public void onConnectionClose(
            boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength) {
        sum += code + frameType;
    }

    @Override
    public void onHandshakeDone() {
        sum++;
    }

    @Override
    public void onDatagram(byte[] data, int at, int length) {
        sum += length;
    }
}
