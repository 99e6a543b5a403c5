/** Sent packets, round trip time, loss detection, probe timeouts and pacing. RFC 9002. */
package io.stoq.recovery;
