package io.stoq.transport;

import io.stoq.EndpointStatistics;
import io.stoq.ShutdownOutcome;
import io.stoq.SocketStatistics;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.transport.driver.Deadline;
import io.stoq.transport.driver.ErrorCodes;
import io.stoq.transport.driver.Futures;
import io.stoq.transport.driver.LoopDriver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server: one socket on one loop. Thread-safe. */
final class BoundServer implements StoqServer {

    private static final long CLOSING_SECONDS = 2;

    private final LoopDriver driver;

    BoundServer(LoopDriver driver) {
        this.driver = driver;
    }

    @Override
    public InetSocketAddress localAddress() {
        return driver.localAddress();
    }

    @Override
    public int connections() {
        return driver.connections();
    }

    @Override
    public EndpointStatistics statistics() {
        return driver.statistics();
    }

    @Override
    public SocketStatistics socketStatistics() {
        return driver.socketStatistics();
    }

    @Override
    public ShutdownOutcome shutdown(Duration timeout, long code) throws StoqException.Interrupted {
        driver.requireOffLoop("shutdown");
        return Futures.join(shutdownAsync(timeout, code), "the shutdown of the server");
    }

    @Override
    public CompletableFuture<ShutdownOutcome> shutdownAsync(Duration timeout, long code) {
        return driver.shutdown(Deadline.in(timeout).leftNs(), ErrorCodes.require(code));
    }

    @Override
    public void close() {
        driver.requireOffLoop("close");
        driver.close(0, "")
                .copy() // whose time passed is this call's wait, not the driver
                .completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public String toString() {
        return "StoqServer" + localAddress();
    }
}
