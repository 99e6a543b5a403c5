package io.stoq.bench.baseline;

import io.stoq.bench.perf.ServerProcess;

/** The side that listens. */
public interface BulkServer extends BulkPeer {

    /** What all stacks encrypt with. */
    String CIPHER_SUITE = "TLS_AES_128_GCM_SHA256";

    /** What a client must know of it. */
    ServerProcess.Greeting greeting();
}
