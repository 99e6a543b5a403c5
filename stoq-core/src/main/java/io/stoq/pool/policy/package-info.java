/**
 * What a pool decides, without I/O, clock or thread: when to resolve, dial, ping, drain and replace. Confined to one thread.
 * Start at {@link io.stoq.pool.policy.Pool}.
 */
package io.stoq.pool.policy;
