package io.stoq.trustchain;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What an authority needs of the machine.
 *
 * @param iterations of PBKDF2
 */
record Environment(Disk disk, InstantSource clock, SecureRandom random, int iterations) {

    /** What OWASP's cheat sheet on storing passwords asks for with HMAC-SHA-256. */
    private static final int ITERATIONS = 600_000;

    static Environment real() {
        return new Environment(new FileDisk(), InstantSource.system(), new SecureRandom(), ITERATIONS);
    }

    KeyVault vault() {
        return new KeyVault(iterations, random);
    }
}
