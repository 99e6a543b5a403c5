package io.stoq.endpoint;

/** What the token of a client's Initial packet says about its address. RFC 9000 §8.1. */
sealed interface AddressProof {

    /** Nothing: there is none, or none that is good here. The client may be asked by a Retry packet. RFC 9000 §8.1.3. */
    AddressProof NONE = new Nothing();

    /** It claims to be of a Retry packet of ours and is not good; another one would be ignored. RFC 9000 §8.1.2. */
    AddressProof BAD_RETRY = new BadRetry();

    record Nothing() implements AddressProof {}

    record BadRetry() implements AddressProof {}

    /**
     * The client got our Retry packet at its address.
     *
     * @param originalId the first id that it had sent to
     * @param retryId the id that it was given
     */
    record Retried(byte[] originalId, byte[] retryId) implements AddressProof {}

    /**
     * The client had a connection from its address.
     *
     * @param mark what tells the token from all others
     * @param issuedMs when it got the token
     */
    record Known(long mark, long issuedMs) implements AddressProof {}
}
