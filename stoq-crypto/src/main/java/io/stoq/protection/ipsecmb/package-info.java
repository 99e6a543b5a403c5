/**
 * AES-GCM by Intel's Multi-Buffer Crypto library ("ipsec-mb"), called through the foreign function API: found at run time,
 * checked before it is used, never required. docs/adr/0005 says what is bound and why.
 */
package io.stoq.protection.ipsecmb;
