package io.stoq.bench.hold;

/**
 * What a server has seen of its connections by now. Travels between processes as JSON.
 *
 * @param open that it has not heard the end of
 * @param known that are open, closing or draining
 * @param uncleanEnds connections that ended otherwise than by the client's word that all is done
 * @param cpuNs processor time of its process
 */
public record ConnectionCounts(int open, int known, long uncleanEnds, long cpuNs) {}
