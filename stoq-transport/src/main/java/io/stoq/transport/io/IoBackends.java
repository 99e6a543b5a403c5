package io.stoq.transport.io;

import io.stoq.transport.io.epoll.EpollBackend;
import io.stoq.transport.io.nio.NioBackend;
import io.stoq.transport.io.uring.IoUringBackend;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses an {@link IoBackend} by name. Any thread. */
public final class IoBackends {

    private static final Logger LOG = LoggerFactory.getLogger(IoBackends.class);

    /** By measured goodput over the loopback interface, best first. */
    private static final List<IoBackend> BY_PREFERENCE =
            List.of(new EpollBackend(), new IoUringBackend(), new NioBackend());

    private IoBackends() {}

    /**
     * @param name {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}
     * @throws IllegalArgumentException when the name is none of these
     * @throws UnsupportedOperationException when the named backend is not available here; the message says why
     */
    public static IoBackend select(String name) {
        StringBuilder reasons = new StringBuilder();
        for (IoBackend backend : BY_PREFERENCE) {
            String reason = backend.unavailableReason();
            if (name.equals("auto")) {
                if (reason == null) {
                    if (backend instanceof NioBackend) {
                        LOG.warn("datagrams go through NIO, which is several times slower{}", reasons);
                    }
                    return backend;
                }
                reasons.append("; ").append(backend.name()).append(": ").append(reason);
            } else if (name.equals(backend.name())) {
                return require(backend, reason);
            }
        }
        if (name.equals("auto")) {
            throw new UnsupportedOperationException("no I/O backend is available" + reasons);
        }
        throw new IllegalArgumentException("unknown I/O backend '" + name + "'; choose auto, epoll, io_uring or nio");
    }

    private static IoBackend require(IoBackend backend, String unavailableReason) {
        if (unavailableReason != null) {
            throw new UnsupportedOperationException("the I/O backend " + backend.name() + " is not available: "
                    + unavailableReason + "; choose another, or auto");
        }
        return backend;
    }
}
