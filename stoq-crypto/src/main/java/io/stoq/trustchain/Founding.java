package io.stoq.trustchain;

import io.stoq.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Makes the files of a new authority. */
final class Founding {

    private Founding() {}

    static void found(CaFolder folder, AuthorityProfile profile, char[] password, Environment environment)
            throws TrustChainException {
        requireNone(folder);
        Instant now = environment.clock().instant();
        Instant from = now.minus(Authority.BACKDATED);
        KeyPair rootKeys = profile.algorithm().generate();
        Authority root =
                Authority.root(rootKeys, profile.name(), from, now.plus(profile.rootLifetime()), environment.random());
        KeyPair issuingKeys = profile.algorithm().generate();
        X509Certificate issuing = root.issuing(
                issuingKeys.getPublic(),
                profile.name() + " issuing",
                profile.policy(),
                from,
                now.plus(profile.issuingLifetime()));
        KeyVault vault = environment.vault();
        folder.replaceSecret(folder.rootKey(), vault.seal(rootKeys.getPrivate(), password));
        folder.replaceSecret(folder.issuingKey(), vault.seal(issuingKeys.getPrivate(), password));
        folder.replace(folder.root(), Pem.blocks(List.of(root.certificate())));
        folder.replace(folder.log(), new String(LogFile.MAGIC, StandardCharsets.US_ASCII));
        // From here on there is an authority; what else belongs to it is made when it is opened.
        folder.replace(folder.issuing(), Pem.blocks(List.of(issuing)));
    }

    private static void requireNone(CaFolder folder) throws TrustChainException {
        if (folder.disk().exists(folder.issuing())) {
            throw new TrustChainException(folder.path() + " has an authority already; name another folder");
        }
        try {
            if (folder.disk().exists(folder.log()) && folder.disk().read(folder.log()).length > LogFile.MAGIC.length) {
                throw new TrustChainException(folder.log() + " has entries but " + folder.issuing()
                        + " is missing; restore that from a backup, or name another folder");
            }
        } catch (IOException e) {
            throw CaFolder.cannot("be read", folder.log(), e);
        }
    }
}
