/**
 * Connection ids: those we issue, those the peer issued, their retirement and their stateless reset tokens. RFC 9000
 * §5.1.
 */
package io.stoq.cid;
