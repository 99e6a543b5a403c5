package io.stoq.trustchain;

import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * Signatures, by whoever is quicker. Bouncy Castle takes half of the JDK's time to sign and verify with P-384 and an eighth
 * with Ed25519; only signing with P-256 is quicker by the JDK, twice.
 */
final class Signing {

    /** Not in the list of the Java runtime: it changes nothing for others. */
    static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private Signing() {}

    /** @param owner the public half of {@code key} */
    static ContentSigner signer(PrivateKey key, PublicKey owner) throws OperatorCreationException {
        KeyAlgorithm algorithm = KeyAlgorithm.of(owner).orElseThrow();
        JcaContentSignerBuilder builder = new JcaContentSignerBuilder(algorithm.signature());
        if (algorithm != KeyAlgorithm.P256) {
            builder.setProvider(BOUNCY_CASTLE);
        }
        return builder.build(key);
    }

    static ContentVerifierProvider verifier(PublicKey key) throws OperatorCreationException {
        return new JcaContentVerifierProviderBuilder()
                .setProvider(BOUNCY_CASTLE)
                .build(key);
    }
}
