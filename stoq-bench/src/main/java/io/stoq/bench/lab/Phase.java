package io.stoq.bench.lab;

/** How long a controller was in one of its states, in its own words. */
public record Phase(String state, long fromNs, long untilNs) {

    public long lengthNs() {
        return untilNs - fromNs;
    }
}
