package io.stoq.trustchain;

import io.stoq.tls.Identity;
import io.stoq.tls.IdentitySource;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;

/** Has an authority of this process certify a new key each time. */
record IssuedSource(TrustChain authority, KeyAlgorithm algorithm, List<String> names, Duration lifetime)
        implements IdentitySource {

    @Override
    public String name() {
        return "the certificate for " + names + " of " + authority.root().getSubjectX500Principal();
    }

    @Override
    public boolean renews() {
        return true;
    }

    @Override
    public Identity load() throws IOException {
        try {
            KeyPair keys = algorithm.generate();
            CertificateRequest request = CertificateRequest.create(keys, names);
            return authority
                    .issue(IssueRequest.of(request).withLifetime(lifetime))
                    .identity(keys.getPrivate());
        } catch (TrustChainException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
