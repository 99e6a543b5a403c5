package io.stoq.transport;

import io.stoq.EndpointStatistics;
import io.stoq.SocketStatistics;
import io.stoq.StoqServer;
import io.stoq.transport.driver.LoopDriver;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server on one driver. */
final class LoopServer implements StoqServer {

    private static final long CLOSE_SECONDS = 3;

    private final StoqTransport transport;
    private final LoopDriver driver;
    private volatile EndpointStatistics last = new EndpointStatistics(0, 0, 0, 0, 0, 0, 0);
    private volatile SocketStatistics lastSocket;

    LoopServer(StoqTransport transport, LoopDriver driver) {
        this.transport = transport;
        this.driver = driver;
        this.lastSocket = SocketStatistics.none(transport.io());
    }

    @Override
    public InetSocketAddress localAddress() {
        return driver.localAddress();
    }

    @Override
    public int connections() {
        return statistics().connections();
    }

    @Override
    public EndpointStatistics statistics() {
        EndpointStatistics now = driver.statistics();
        if (now != null) {
            last = now;
        }
        return last;
    }

    @Override
    public SocketStatistics socketStatistics() {
        SocketStatistics now = driver.socketStatistics();
        if (now != null) {
            lastSocket = now;
        }
        return lastSocket;
    }

    @Override
    public void close() {
        statistics();
        socketStatistics();
        try {
            driver.close().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // The driver ends by itself; nothing more can be done here.
        }
        transport.forget(driver);
    }
}
