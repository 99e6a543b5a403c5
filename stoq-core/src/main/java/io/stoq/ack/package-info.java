/** Received packet numbers and the policy of acknowledging them. RFC 9000 §13.2. */
package io.stoq.ack;
