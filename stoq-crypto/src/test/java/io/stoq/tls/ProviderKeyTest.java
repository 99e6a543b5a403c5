package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that do not leave their device: it signs, and is never asked for them. */
class ProviderKeyTest {

    private static final String NAME = "server.example";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Trust TRUST = Trust.certificates(AUTHORITY.certificate());

    /** A device with one key. It is in nobody's list of providers. */
    private static final class Device extends Provider {

        private static final long serialVersionUID = 1L;

        private final transient PrivateKey inside;
        private int signatures;
        private boolean unplugged;

        Device(PrivateKey inside) {
            super("Device", "1", "signs with a key that it keeps");
            this.inside = inside;
            for (String algorithm : List.of(
                    "SHA256withECDSA",
                    "SHA384withECDSA",
                    "SHA512withECDSA",
                    "Ed25519",
                    "EdDSA",
                    "RSASSA-PSS",
                    "SHA256withRSA")) {
                putService(new Service(this, "Signature", algorithm, Signer.class.getName(), null, null) {
                    @Override
                    public Object newInstance(Object parameter) {
                        return new Signer(Device.this, algorithm);
                    }
                });
            }
        }

        PrivateKey handle() {
            return new Handle(inside.getAlgorithm());
        }
    }

    /** All that a program gets of the key. */
    private record Handle(String algorithm) implements PrivateKey {

        @Override
        public String getAlgorithm() {
            return algorithm;
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    private static final class Signer extends SignatureSpi {

        private final Device device;
        private final Signature signature;

        Signer(Device device, String algorithm) {
            this.device = device;
            try {
                this.signature = Signature.getInstance(algorithm);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws java.security.InvalidKeyException {
            assertTrue(key instanceof Handle);
            signature.initSign(device.inside);
        }

        @Override
        protected void engineUpdate(byte value) throws SignatureException {
            signature.update(value);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            signature.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            if (device.unplugged) {
                throw new SignatureException("the device is gone");
            }
            device.signatures++;
            return signature.sign();
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec parameters)
                throws java.security.InvalidAlgorithmParameterException {
            signature.setParameter(parameters);
        }

        @Override
        protected void engineInitVerify(java.security.PublicKey key) {
            throw new UnsupportedOperationException("the device signs only");
        }

        @Override
        protected boolean engineVerify(byte[] bytes) {
            throw new UnsupportedOperationException("the device signs only");
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private static Identity issue(String kind) {
        return AUTHORITY.issue(kind, Duration.ZERO, KeyPurposeId.anyExtendedKeyUsage, NAME);
    }

    private static TlsPair shake(Identity client, Identity server) {
        return new TlsPair(
                        tls(client).build(),
                        tls(server).requireClientCertificate(true).build(),
                        NAME,
                        1)
                .run();
    }

    private static StoqTls.Builder tls(Identity identity) {
        return StoqTls.builder().identity(identity).trust(TRUST).applicationProtocols("echo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "Ed25519", "RSA"})
    void serverAndClientSignInTheDevice(String kind) {
        Identity soft = issue(kind);
        Device device = new Device(soft.privateKey());
        Identity hard = Identity.of(soft.certificates(), device.handle(), device);
        int before = device.signatures;
        TlsPair pair = shake(hard, hard);
        assertNotNull(pair.client.complete(), () -> "" + pair.client.alert() + pair.server.alert());
        assertNotNull(pair.server.complete(), () -> "" + pair.server.alert());
        assertEquals(2, device.signatures - before);
        assertEquals(hard.certificates(), pair.server.complete().peerCertificates());
    }

    @Test
    void aDeviceThatIsGoneEndsTheHandshakeAndNothingElse() {
        Identity soft = issue("P-256");
        Device device = new Device(soft.privateKey());
        Identity hard = Identity.of(soft.certificates(), device.handle(), device);
        device.unplugged = true;
        TlsPair pair = shake(soft, hard);
        assertNull(pair.server.complete());
        assertEquals(
                "the private key's provider cannot sign", pair.server.alert().message());
        assertEquals("the device is gone", pair.server.alert().cause().getMessage());
        device.unplugged = false;
        assertNotNull(shake(soft, hard).server.complete());
    }

    @Test
    void theKeyMustBeTheCertificates() {
        List<X509Certificate> chain = issue("P-256").certificates();
        KeyPair other = TestAuthority.keys("P-256");
        Device device = new Device(other.getPrivate());
        String message = assertThrows(IllegalArgumentException.class, () -> Identity.of(chain, device.handle(), device))
                .getMessage();
        assertTrue(message.contains("Device") && message.contains("does not belong"), message);
    }

    @Test
    void theKeyIsNotWrittenToAFile() {
        Identity soft = issue("P-256");
        Device device = new Device(soft.privateKey());
        Identity hard = Identity.of(soft.certificates(), device.handle(), device);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> hard.writePem(Path.of("chain.pem"), Path.of("key.pem")))
                .getMessage();
        assertTrue(message.contains("key.pem") && message.contains("does not leave its device"), message);
    }
}
