/** Network paths of a connection: the anti-amplification ledger, path validation and migration. RFC 9000 §8, §9. */
package io.stoq.path;
