/** Metrics for Micrometer, an optional dependency: applications that do not have it do not load this package. */
package io.stoq.transport.metrics;
