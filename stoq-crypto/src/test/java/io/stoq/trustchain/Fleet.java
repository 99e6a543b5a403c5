package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** An authority on the real disk whose clock the test sets, and whose passwords are quick to try. */
final class Fleet {

    static final char[] PASSWORD = "correct horse".toCharArray();
    static final KeyPair KEYS = KeyAlgorithm.P256.generate();

    private static final int ITERATIONS = 1000;

    final Path folder;
    private Instant now = Clock.systemUTC().instant();

    Fleet(Path folder) {
        this.folder = folder;
    }

    TrustChain create(AuthorityProfile profile) throws TrustChainException {
        return TrustChain.create(folder, profile, PASSWORD, environment());
    }

    TrustChain create() throws TrustChainException {
        return create(AuthorityProfile.named("Fleet"));
    }

    TrustChain open() throws TrustChainException {
        return TrustChain.open(folder, PASSWORD, environment());
    }

    Environment environment() {
        InstantSource clock = () -> now;
        return new Environment(new FileDisk(), clock, new SecureRandom(), ITERATIONS);
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static CertificateRequest request(String... names) throws TrustChainException {
        return CertificateRequest.create(KEYS, List.of(names));
    }

    static IssueRequest wanted(String... names) throws TrustChainException {
        return IssueRequest.of(request(names));
    }

    static void assertRefused(Executable action, String... words) {
        String message = assertThrows(TrustChainException.class, action).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }
}
