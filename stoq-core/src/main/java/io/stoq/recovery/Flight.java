package io.stoq.recovery;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.congestion.CongestionParameters;
import io.stoq.crypto.CryptoProvider;
import java.nio.ByteBuffer;

/** What is in flight on the current path, and what is known of that path. Confined to the connection's loop. */
final class Flight {

    private final CongestionControllerFactory controllers;
    private final RecoverySettings settings;
    private final CryptoProvider.Entropy entropy;

    CongestionController controller;
    Pacer pacer;
    RttEstimator rtt;
    int maxDatagramBytes;
    long bytes;

    /** There was nothing to send though the window had room. RFC 9002 §7.8 */
    boolean applicationLimited;

    /** Does not belong to the path, but to every timeout on it. */
    long peerMaxAckDelayNs;

    /** @param entropy where the controllers' seeds come from */
    Flight(CongestionControllerFactory controllers, RecoverySettings settings, CryptoProvider.Entropy entropy) {
        this.controllers = controllers;
        this.settings = settings;
        this.entropy = entropy;
        maxDatagramBytes = settings.maxDatagramBytes();
        peerMaxAckDelayNs = settings.peerMaxAckDelayNs();
        startPath();
    }

    /** The connection goes on over another path: what is in flight on the old one counts no longer. RFC 9000 §9.4 */
    void startPath() {
        controller = controllers.create(CongestionParameters.of(
                maxDatagramBytes, settings.initialWindowPackets(), settings.initialRttNs(), drawSeed()));
        rtt = new RttEstimator(settings.initialRttNs());
        pacer = new Pacer(controller, rtt);
        bytes = 0;
        applicationLimited = false;
    }

    private long drawSeed() {
        byte[] random = new byte[Long.BYTES];
        entropy.fill(random, 0, random.length);
        return ByteBuffer.wrap(random).getLong();
    }

    /** The probe timeout of the APPLICATION space without back-off. RFC 9002 §6.2.1 */
    long ptoNs() {
        return rtt.ptoNs(peerMaxAckDelayNs);
    }
}
