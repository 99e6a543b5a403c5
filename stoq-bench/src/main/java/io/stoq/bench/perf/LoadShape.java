package io.stoq.bench.perf;

/**
 * What a client does to a server.
 *
 * @param connections how many at once
 * @param streams how many at once on each connection
 * @param verify whether each byte received is compared with what the server must have sent
 */
public record LoadShape(int connections, int streams, Direction direction, boolean verify) {}
