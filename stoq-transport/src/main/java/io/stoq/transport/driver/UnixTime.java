package io.stoq.transport.driver;

import io.stoq.endpoint.Endpoint;
import java.util.concurrent.TimeUnit;

/** Tells an endpoint what time it is, now and then: clocks are set, and the loop's own runs a little fast or slow. Loop only. */
final class UnixTime {

    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private long dueNs;

    void tell(long nowNs, Endpoint endpoint) {
        if (nowNs >= dueNs) {
            dueNs = nowNs + INTERVAL_NS;
            endpoint.unixTime(nowNs, System.currentTimeMillis());
        }
    }
}
