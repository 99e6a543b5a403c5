package io.stoq.transport.driver;

import io.stoq.crypto.CryptoProvider;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tokens that servers gave, for the next connections to them: a bounded number, those of servers not seen for longest go
 * first. Thread-safe. RFC 9000 §8.1.3.
 *
 * <p>A token is used once, and with nobody but the server that gave it: the same name at the same address and port, under the
 * same TLS configuration, so that it never ties together what the application keeps apart.
 */
public final class TokenCache {

    /** Most servers whose tokens are kept. */
    static final int MAX_SERVERS = 1024;

    /** Most tokens of one server; the newest are kept. */
    static final int MAX_TOKENS = 4;

    private static final byte[] NONE = new byte[0];

    private record Key(CryptoProvider tls, String name, InetSocketAddress address) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, ArrayDeque<byte[]>> servers = new LinkedHashMap<>(16, 0.75f, true);

    /** The tokens of one server. */
    public final class Server {

        private final Key key;

        private Server(Key key) {
            this.key = key;
        }

        /** The newest token, which is given away by that; empty where there is none. */
        byte[] take() {
            lock.lock();
            try {
                ArrayDeque<byte[]> tokens = servers.get(key);
                if (tokens == null) {
                    return NONE;
                }
                byte[] newest = tokens.removeLast();
                if (tokens.isEmpty()) {
                    servers.remove(key);
                }
                return newest;
            } finally {
                lock.unlock();
            }
        }

        void add(byte[] token) {
            lock.lock();
            try {
                ArrayDeque<byte[]> tokens = servers.computeIfAbsent(key, _ -> new ArrayDeque<>(MAX_TOKENS));
                if (tokens.size() == MAX_TOKENS) {
                    tokens.removeFirst();
                }
                tokens.addLast(token);
                if (servers.size() > MAX_SERVERS) {
                    servers.pollFirstEntry();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** @param name that the server's certificate must match */
    public Server of(CryptoProvider tls, String name, InetSocketAddress address) {
        return new Server(new Key(tls, name, address));
    }
}
