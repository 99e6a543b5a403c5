package io.stoq.transport.driver;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The one timer of a driver. Confined to the loop. A deadline that moves back leaves the timer alone: it fires once for
 * nothing, which is cheaper than to set it anew for every packet.
 */
final class WakeUp {

    private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);

    private final EventLoop loop;
    private final Runnable turn;
    private final Runnable fire = this::fire;
    private Future<?> scheduled;
    private long atNs;

    WakeUp(EventLoop loop, Runnable turn) {
        this.loop = loop;
        this.turn = turn;
    }

    /** Sees to it that a turn comes at {@code deadlineNs} or before; {@code Long.MAX_VALUE}: none is needed. */
    void at(long deadlineNs) {
        if (deadlineNs == Long.MAX_VALUE) {
            return;
        }
        if (scheduled != null) {
            if (atNs <= deadlineNs) {
                return;
            }
            scheduled.cancel(false);
        }
        // The turn took its time, so its own clock is behind.
        long delayNs = Math.clamp(deadlineNs - LoopClock.nowNs(), 0, LONGEST_NS);
        atNs = deadlineNs;
        scheduled = loop.schedule(fire, delayNs, TimeUnit.NANOSECONDS);
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }

    private void fire() {
        scheduled = null;
        turn.run();
    }
}
