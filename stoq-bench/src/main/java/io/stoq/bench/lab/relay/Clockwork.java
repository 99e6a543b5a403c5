package io.stoq.bench.lab.relay;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Wakes its owner up at a given time: sleeps until shortly before, then lets the loop turn, sockets included, until it is
 * time. Confined to the loop.
 */
final class Clockwork {

    private final IoEventLoop loop;
    private final long originNs;
    private final long spinNs;
    private final Runnable onTime;
    private Future<?> timer;
    private long dueNs = Long.MAX_VALUE;
    private long wakeNs = Long.MAX_VALUE;

    Clockwork(IoEventLoop loop, long spinNs, Runnable onTime) {
        this.loop = loop;
        this.originNs = System.nanoTime();
        this.spinNs = spinNs;
        this.onTime = onTime;
    }

    /** Time since the start. */
    long nowNs() {
        return System.nanoTime() - originNs;
    }

    /** Calls when it is {@code timeNs} instead of what was set before; {@link Long#MAX_VALUE} for not at all. */
    void set(long timeNs) {
        dueNs = timeNs;
        if (timeNs == Long.MAX_VALUE) {
            return;
        }
        long wake = Math.max(timeNs - spinNs, 0);
        // A timer that goes off too early finds nothing due, and sets the next one.
        if (timer == null || wake < wakeNs) {
            arm(wake);
        }
    }

    void stop() {
        dueNs = Long.MAX_VALUE;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void arm(long wake) {
        if (timer != null) {
            timer.cancel(false);
        }
        wakeNs = wake;
        // As a scheduled task even where it is time: a plain one would run again before the sockets are looked at.
        timer = loop.schedule(this::wake, Math.max(1, wake - nowNs()), TimeUnit.NANOSECONDS);
    }

    private void wake() {
        timer = null;
        wakeNs = Long.MAX_VALUE;
        if (dueNs <= nowNs()) {
            dueNs = Long.MAX_VALUE;
            onTime.run();
        } else {
            set(dueNs);
        }
    }
}
