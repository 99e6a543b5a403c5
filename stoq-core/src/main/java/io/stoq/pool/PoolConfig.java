package io.stoq.pool;

import java.time.Duration;

/**
 * The knobs of a pool. Immutable; each value is checked when it is built, and nothing is clamped silently.
 *
 * @param size how many connections, and how many requests one is meant to carry
 * @param selection who gets work that is not pinned to a key
 * @param health when a connection is degraded or broken
 * @param dialing how connections are made and made again
 * @param acquireTimeout how long a caller waits for a connection
 * @param drainTimeout how long work in flight keeps a draining connection open
 */
public record PoolConfig(
        Size size,
        Selection selection,
        Health health,
        Dialing dialing,
        Duration acquireTimeout,
        Duration drainTimeout) {

    /** Most connections of one pool. */
    public static final int MOST_CONNECTIONS = 1024;

    public PoolConfig {
        require(size != null && health != null && dialing != null, "a part is null");
        require(selection != null, "selection is null");
        positive("acquireTimeout", acquireTimeout);
        positive("drainTimeout", drainTimeout);
    }

    /** What {@link Builder} begins with. */
    public static PoolConfig defaults() {
        return new Builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * @param minConnections always kept; they are opened with the pool
     * @param maxConnections never exceeded, those that drain left aside
     * @param requestsPerConnection at three quarters of it the pool opens another connection ahead of need; no limit
     * @param idleRetirement connections beyond the minimum are closed after so long without work
     */
    public record Size(int minConnections, int maxConnections, int requestsPerConnection, Duration idleRetirement) {
        public Size {
            range("maxConnections", maxConnections, 1, MOST_CONNECTIONS);
            range("minConnections", minConnections, 0, maxConnections);
            range("requestsPerConnection", requestsPerConnection, 1, 1 << 20);
            positive("idleRetirement", idleRetirement);
        }
    }

    /**
     * @param checkInterval between looks at each connection while the pool is in use
     * @param pingInterval after so much silence a connection is pinged, in use or not; zero: never
     * @param pingDeadline something must be heard within it
     * @param pingMisses in a row that break a connection; the first degrades it
     * @param probeTimeoutsDegraded probe timeouts with nothing heard since that degrade it (RFC 9002 §6.2)
     * @param probeTimeoutsBroken probe timeouts with nothing heard since that break it
     * @param stall bytes in flight with nothing heard for so long degrade it
     * @param rttFactor a round trip so many times as long as the endpoint's own history degrades it
     * @param rttFloor round trips below it never do
     * @param lossFactor loss so many times the endpoint's own history degrades it
     * @param lossFloor share of packets; loss below it never does
     * @param errors that users of a connection report between two looks, and that degrade it
     */
    public record Health(
            Duration checkInterval,
            Duration pingInterval,
            Duration pingDeadline,
            int pingMisses,
            int probeTimeoutsDegraded,
            int probeTimeoutsBroken,
            Duration stall,
            double rttFactor,
            Duration rttFloor,
            double lossFactor,
            double lossFloor,
            int errors) {
        public Health {
            positive("checkInterval", checkInterval);
            require(!pingInterval.isNegative(), "pingInterval is " + pingInterval + "; it must not be negative");
            positive("pingDeadline", pingDeadline);
            require(
                    pingInterval.isZero() || pingDeadline.compareTo(pingInterval) <= 0,
                    "pingDeadline " + pingDeadline + " must not be longer than pingInterval " + pingInterval);
            range("pingMisses", pingMisses, 1, 100);
            range("probeTimeoutsBroken", probeTimeoutsBroken, 1, 100);
            range("probeTimeoutsDegraded", probeTimeoutsDegraded, 1, probeTimeoutsBroken);
            positive("stall", stall);
            require(rttFactor > 1, "rttFactor is " + rttFactor + "; it must be more than 1");
            positive("rttFloor", rttFloor);
            require(lossFactor > 1, "lossFactor is " + lossFactor + "; it must be more than 1");
            require(lossFloor > 0 && lossFloor <= 1, "lossFloor is " + lossFloor + "; it must be within 0..1");
            range("errors", errors, 1, 1 << 20);
        }
    }

    /**
     * @param stagger before the next address is tried beside the one before (RFC 8305 §5)
     * @param backoffBase delay after the first failure; doubles with each
     * @param backoffCap longest delay
     * @param jitter share of each delay that chance takes off, 0 to 1
     * @param stable a connection that lived so long ends the back-off
     * @param breakerFailures in a row that open the breaker
     * @param breakerOpen how long it stays open before one connection is tried
     * @param resolverRefresh addresses older than this are resolved again before the next connection is made
     */
    public record Dialing(
            Duration stagger,
            Duration backoffBase,
            Duration backoffCap,
            double jitter,
            Duration stable,
            int breakerFailures,
            Duration breakerOpen,
            Duration resolverRefresh) {
        public Dialing {
            positive("stagger", stagger);
            positive("backoffBase", backoffBase);
            require(
                    backoffCap.compareTo(backoffBase) >= 0,
                    "backoffCap " + backoffCap + " must not be shorter than backoffBase " + backoffBase);
            positive("backoffCap", backoffCap);
            require(jitter >= 0 && jitter <= 1, "jitter is " + jitter + "; it must be within 0..1");
            positive("stable", stable);
            range("breakerFailures", breakerFailures, 1, 1 << 20);
            positive("breakerOpen", breakerOpen);
            positive("resolverRefresh", resolverRefresh);
        }
    }

    private static void range(String name, long value, long min, long max) {
        require(value >= min && value <= max, name + " is " + value + "; it must be within " + min + ".." + max);
    }

    private static final Duration LONGEST = Duration.ofDays(365);

    private static void positive(String name, Duration value) {
        require(
                value.isPositive() && value.compareTo(LONGEST) <= 0,
                name + " is " + value + "; it must be more than zero and at most " + LONGEST);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Builds a configuration; every default is stated at its method. */
    public static final class Builder {

        private int minConnections = 1;
        private int maxConnections = 16;
        private int requestsPerConnection = 16;
        private Duration idleRetirement = Duration.ofMinutes(1);
        private Selection selection = Selection.ROUND_ROBIN;
        private Health health = new Health(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                2,
                2,
                5,
                Duration.ofSeconds(2),
                3,
                Duration.ofMillis(10),
                4,
                0.05,
                8);
        private Dialing dialing = new Dialing(
                Duration.ofMillis(250),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                0.5,
                Duration.ofSeconds(10),
                5,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1));
        private Duration acquireTimeout = Duration.ofSeconds(10);
        private Duration drainTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /** Connections: always, and at most; up to 32 are advised. Default 1 and 16. */
        public Builder connections(int min, int max) {
            this.minConnections = min;
            this.maxConnections = max;
            return this;
        }

        /** Requests that one connection is meant to carry at once; no limit. Default 16. */
        public Builder requestsPerConnection(int requests) {
            this.requestsPerConnection = requests;
            return this;
        }

        /** Connections beyond the minimum are closed after so long without work. Default 1 min. */
        public Builder idleRetirement(Duration value) {
            this.idleRetirement = value;
            return this;
        }

        /** Who gets work that is not pinned to a key. Default round robin. */
        public Builder selection(Selection value) {
            this.selection = value;
            return this;
        }

        /**
         * How often connections in use are looked at, after how much silence any is pinged (zero: never), and by when the
         * answer must be there. Default 1 s, 10 s and 3 s.
         */
        public Builder checks(Duration interval, Duration pingInterval, Duration pingDeadline) {
            this.health = new Health(
                    interval,
                    pingInterval,
                    pingDeadline,
                    health.pingMisses(),
                    health.probeTimeoutsDegraded(),
                    health.probeTimeoutsBroken(),
                    health.stall(),
                    health.rttFactor(),
                    health.rttFloor(),
                    health.lossFactor(),
                    health.lossFloor(),
                    health.errors());
            return this;
        }

        /**
         * All thresholds. Default: checks as above; 2 missed pings, 2 and 5 probe timeouts, 2 s of stall, 3 times the round
         * trip and more than 10 ms, 4 times the loss and more than 5 %, 8 errors.
         */
        public Builder health(Health value) {
            this.health = value;
            return this;
        }

        /** Delay after a first failure, the longest, and the share that chance takes off. Default 100 ms, 10 s, 0.5. */
        public Builder backoff(Duration base, Duration cap, double jitter) {
            this.dialing = new Dialing(
                    dialing.stagger(),
                    base,
                    cap,
                    jitter,
                    dialing.stable(),
                    dialing.breakerFailures(),
                    dialing.breakerOpen(),
                    dialing.resolverRefresh());
            return this;
        }

        /** Failures in a row that open the breaker, and for how long. Default 5 and 5 s. */
        public Builder breaker(int failures, Duration open) {
            this.dialing = new Dialing(
                    dialing.stagger(),
                    dialing.backoffBase(),
                    dialing.backoffCap(),
                    dialing.jitter(),
                    dialing.stable(),
                    failures,
                    open,
                    dialing.resolverRefresh());
            return this;
        }

        /**
         * All about making connections. Default: 250 ms between addresses, back-off and breaker as above, stable after 10 s,
         * addresses resolved again after 1 min.
         */
        public Builder dialing(Dialing value) {
            this.dialing = value;
            return this;
        }

        /** How long a caller waits for a connection. Default 10 s. */
        public Builder acquireTimeout(Duration value) {
            this.acquireTimeout = value;
            return this;
        }

        /** How long work in flight keeps a draining connection open. Default 30 s. */
        public Builder drainTimeout(Duration value) {
            this.drainTimeout = value;
            return this;
        }

        /** @throws IllegalArgumentException where a value is out of its range; the message names it */
        public PoolConfig build() {
            return new PoolConfig(
                    new Size(minConnections, maxConnections, requestsPerConnection, idleRetirement),
                    selection,
                    health,
                    dialing,
                    acquireTimeout,
                    drainTimeout);
        }
    }
}
