/** Connections kept ready: configuration, events and figures of a pool, and how one of its connections is chosen. */
package io.stoq.pool;
