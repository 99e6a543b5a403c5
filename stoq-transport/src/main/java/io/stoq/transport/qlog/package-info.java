/**
 * qlog: what happens inside connections, as files. Loops note events as numbers in blocks; one thread turns them into text and
 * writes it. draft-ietf-quic-qlog-main-schema, draft-ietf-quic-qlog-quic-events.
 */
package io.stoq.transport.qlog;
