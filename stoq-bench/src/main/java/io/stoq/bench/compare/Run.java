package io.stoq.bench.compare;

/**
 * One measurement of a comparison.
 *
 * @param round from 1
 */
public record Run(Stack stack, int payloadBytes, int round) {}
