/**
 * A small certificate authority for the nodes of a fleet: {@link io.stoq.trustchain.TrustChain}. RFC 5280 for what it
 * issues, RFC 2986 for what it is asked, RFC 6962 §2 for the log of all it did.
 */
package io.stoq.trustchain;
