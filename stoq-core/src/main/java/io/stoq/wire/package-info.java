/** What QUIC looks like on the wire: integers, packet headers, transport parameters. RFC 9000 §16 to §18, RFC 8999. */
package io.stoq.wire;
