package io.stoq.tls.engine;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Has whichever verifier is the current one decide, each time.
 *
 * @param current called on any thread, must not wait
 */
public record CurrentVerifier(Supplier<PeerVerifier> current) implements PeerVerifier {

    @Override
    public void verify(X509Certificate[] chain, PeerName asked) throws IOException {
        current.get().verify(chain, asked);
    }

    @Override
    public void recheck(X509Certificate[] chain, PeerName asked, Instant now) throws IOException {
        current.get().recheck(chain, asked, now);
    }
}
