package io.stoq.pool;

/** How a pool chooses among the connections that take work. Allocates nothing; any thread. */
public enum Selection {
    /** One after the other. */
    ROUND_ROBIN {
        @Override
        public int pick(long turn, Candidates candidates) {
            return (int) Long.remainderUnsigned(turn, candidates.count());
        }
    },
    /** The one with the least work in flight; in turn among equals. */
    LEAST_LOADED {
        @Override
        public int pick(long turn, Candidates candidates) {
            int count = candidates.count();
            int best = (int) Long.remainderUnsigned(turn, count);
            int least = candidates.inFlight(best);
            for (int i = 1, at = best; i < count && least > 0; i++) {
                at = at + 1 == count ? 0 : at + 1;
                int load = candidates.inFlight(at);
                if (load < least) {
                    least = load;
                    best = at;
                }
            }
            return best;
        }
    };

    /** The connections to choose from. */
    public interface Candidates {
        /** At least one. */
        int count();

        /** Of a connection, the same as long as it lives. */
        long id(int index);

        /** Leases not released yet. */
        int inFlight(int index);
    }

    /**
     * @param turn a number that grows by one with each choice
     * @return the index of the candidate
     */
    public abstract int pick(long turn, Candidates candidates);

    /**
     * The same connection for the same key as long as it takes work. Rendezvous hashing: where a connection goes, only its own
     * keys move; where one comes, it takes an even share from all.
     */
    public static int pin(long key, Candidates candidates) {
        int best = 0;
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < candidates.count(); i++) {
            long weight = mix(mix(key) ^ candidates.id(i));
            if (weight >= highest) {
                highest = weight;
                best = i;
            }
        }
        return best;
    }

    /** Spreads a number over all 64 bits; the finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
