package io.stoq;

/** What a connection knows about Explicit Congestion Notification on the path it uses, in the direction in which it sends. RFC 9000 §A.4 */
public enum EcnState {

    /** Not used: the configuration or the socket does without. */
    OFF,

    /** The first packets go out marked ECT(0). */
    TESTING,

    /** These were enough; packets go out unmarked until it is known what became of them. */
    UNKNOWN,

    /** The peer's counts agree with what was sent: all packets go out marked, and may come back as congestion experienced. */
    CAPABLE,

    /** The path, or the peer, loses marks, changes them or reports none: packets go out unmarked for as long as it is used. */
    FAILED
}
