package io.stoq.stream;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A handler that remembers what it was told, and takes as much as it is told to. */
class Recorder implements StreamHandler {

    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Everything but data, in order: "finished", "reset 7", "stop 7", "writable", "closed". */
    final List<String> events = new ArrayList<>();

    /** How many bytes are taken before the rest is left; {@link #feed} adds to it. */
    long appetite = Long.MAX_VALUE;

    int dataCalls;

    @Override
    public int onData(Stream stream, byte[] data, int at, int length) {
        dataCalls++;
        int taken = (int) Math.min(length, appetite);
        appetite -= taken;
        bytes.write(data, at, taken);
        return taken;
    }

    void feed(Stream stream, long more) {
        appetite += more;
        stream.resume();
    }

    @Override
    public void onFinished(Stream stream) {
        events.add("finished");
    }

    @Override
    public void onReset(Stream stream, long errorCode) {
        events.add("reset " + errorCode);
    }

    @Override
    public void onStopSending(Stream stream, long errorCode) {
        events.add("stop " + errorCode);
    }

    @Override
    public void onWritable(Stream stream) {
        events.add("writable");
    }

    @Override
    public void onClosed(Stream stream) {
        events.add("closed");
    }
}
