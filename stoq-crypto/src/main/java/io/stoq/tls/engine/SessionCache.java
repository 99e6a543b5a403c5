package io.stoq.tls.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sessions that a client may resume, by the server's name; where there are too many, the oldest of the server not used for
 * the longest time goes. Each is given out once (RFC 8446 §C.4), the newest first. One cache serves one configuration, so that
 * application protocols, trust and identity are the same for all that it holds. Thread-safe.
 */
public final class SessionCache {

    /** How many sessions are kept for one server. */
    static final int PER_SERVER = 64;

    private final int maxSessions;
    private final Map<PeerName, Deque<ResumableSession>> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private int size;

    /** @param maxSessions how many sessions are kept, 0 for none */
    public SessionCache(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    synchronized void put(PeerName server, ResumableSession session) {
        if (maxSessions == 0) {
            return;
        }
        Deque<ResumableSession> ofServer = sessions.computeIfAbsent(server, name -> new ArrayDeque<>());
        ofServer.addLast(session);
        size++;
        if (ofServer.size() > PER_SERVER) {
            ofServer.removeFirst();
            size--;
        }
        if (size > maxSessions) {
            PeerName longestUnused = sessions.keySet().iterator().next();
            removed(longestUnused, sessions.get(longestUnused).pollFirst());
        }
    }

    /** The newest session that is not too old, or null; it is the caller's alone. */
    synchronized ResumableSession take(PeerName server, long nowMs) {
        ResumableSession newest = poll(server);
        while (newest != null && !newest.isFresh(nowMs)) {
            newest = poll(server);
        }
        return newest;
    }

    synchronized int size() {
        return size;
    }

    private ResumableSession poll(PeerName server) {
        Deque<ResumableSession> ofServer = sessions.get(server);
        return ofServer == null ? null : removed(server, ofServer.pollLast());
    }

    private ResumableSession removed(PeerName server, ResumableSession session) {
        size--;
        if (sessions.get(server).isEmpty()) {
            sessions.remove(server);
        }
        return session;
    }
}
