package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stoq.tls.Identity;
import io.stoq.tls.IdentitySource;
import io.stoq.tls.LiveIdentity;
import io.stoq.tls.LiveOptions;
import io.stoq.tls.LiveTrust;
import io.stoq.tls.StoqTls;
import io.stoq.transport.metrics.ExpiryMetrics;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of programs that docs/guide/identities.md shows beside its program. */
class IdentitiesGuideTest {

    @TempDir
    private Path folder;

    @Test
    void expiryIsAGauge() {
        Path chain = folder.resolve("chain.pem");
        Identity.selfSigned("a.example").writePem(chain, folder.resolve("key.pem"));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (LiveIdentity identity = LiveIdentity.start(IdentitySource.pem(chain, folder.resolve("key.pem")));
                LiveTrust trust = LiveTrust.pem(chain, LiveOptions.defaults())) {
            ExpiryMetrics.identity("server", identity::expires).bindTo(registry);
            ExpiryMetrics.trust("fleet", trust::expires).bindTo(registry);
            assertTrue(registry.get("stoq.identity.expiry.seconds").gauge().value() > 0);
            assertTrue(registry.get("stoq.trust.expiry.seconds").gauge().value() > 0);
        }
    }

    @Test
    void severalIdentitiesAreGiven() {
        Supplier<Identity> fallback = fixed("fallback.example");
        Supplier<Identity> ecdsa = fixed("a.example");
        Supplier<Identity> rsa = fixed("a.example");
        StoqTls tls = StoqTls.builder()
                .identities(List.of(fallback, ecdsa, rsa))
                .applicationProtocols("echo")
                .build();
        assertTrue(tls.supportsServer());
    }

    private static Supplier<Identity> fixed(String name) {
        Identity identity = Identity.selfSigned(name);
        return () -> identity;
    }
}
