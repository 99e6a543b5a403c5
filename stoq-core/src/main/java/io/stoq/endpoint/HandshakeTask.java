package io.stoq.endpoint;

/** Work of one handshake for a thread other than the loop; give it back by {@link Endpoint#onTaskDone}. */
public final class HandshakeTask implements Runnable {

    final ConnectionEntry entry;
    private final Runnable work;

    HandshakeTask(ConnectionEntry entry, Runnable work) {
        this.entry = entry;
        this.work = work;
    }

    @Override
    public void run() {
        work.run();
    }
}
