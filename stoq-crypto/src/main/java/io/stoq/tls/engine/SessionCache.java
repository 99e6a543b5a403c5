package io.stoq.tls.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sessions that a client may resume, by the server's name; those of names not used for the longest time make room. Each is
 * given out once (RFC 8446 §C.4), the newest first. One cache serves one configuration, so that application protocols, trust
 * and identity are the same for all that it holds. Thread-safe.
 */
public final class SessionCache {

    /** How many sessions are kept for one server. */
    static final int PER_SERVER = 4;

    private final int maxServers;
    private final Map<PeerName, Deque<ResumableSession>> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** @param maxServers how many servers' sessions are kept, 0 for none */
    public SessionCache(int maxServers) {
        this.maxServers = maxServers;
    }

    synchronized void put(PeerName server, ResumableSession session) {
        if (maxServers == 0) {
            return;
        }
        Deque<ResumableSession> ofServer = sessions.computeIfAbsent(server, name -> new ArrayDeque<>());
        ofServer.addLast(session);
        if (ofServer.size() > PER_SERVER) {
            ofServer.removeFirst();
        }
        if (sessions.size() > maxServers) {
            var eldest = sessions.entrySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** The newest session that is not too old, or null; it is the caller's alone. */
    synchronized ResumableSession take(PeerName server, long nowMs) {
        Deque<ResumableSession> ofServer = sessions.get(server);
        ResumableSession found = null;
        while (ofServer != null && found == null && !ofServer.isEmpty()) {
            ResumableSession newest = ofServer.removeLast();
            found = newest.isFresh(nowMs) ? newest : null;
        }
        if (ofServer != null && ofServer.isEmpty()) {
            sessions.remove(server);
        }
        return found;
    }

    /** How many sessions are held, whatever their age. */
    synchronized int size() {
        return sessions.values().stream().mapToInt(Deque::size).sum();
    }
}
