package io.stoq.tls.engine;

import io.stoq.crypto.EncryptionLevel;
import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;

/**
 * Stands where the record layer of TLS would encrypt. QUIC has no such layer (RFC 9001 §4), so it leaves the bytes as
 * they are and marks each outgoing record with its encryption level, in the upper bits of the record's type.
 *
 * <p>Stateless: one instance per level serves all sessions.
 */
final class LevelCipher implements TlsCipher {

    private static final int LEVEL_SHIFT = 6;
    private static final LevelCipher HANDSHAKE = new LevelCipher(EncryptionLevel.HANDSHAKE);
    private static final LevelCipher APPLICATION = new LevelCipher(EncryptionLevel.APPLICATION);

    private final int level;

    private LevelCipher(int level) {
        this.level = level;
    }

    /** A handshake asks for two ciphers, first that of the handshake keys, when no handshake secret is known yet. */
    static LevelCipher of(TlsCryptoParameters parameters) {
        return parameters.getSecurityParametersHandshake().getBaseKeyClient() == null ? HANDSHAKE : APPLICATION;
    }

    static int levelOf(byte markedType) {
        return (markedType & 0xff) >> LEVEL_SHIFT;
    }

    static int typeOf(byte markedType) {
        return markedType & (1 << LEVEL_SHIFT) - 1;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
            long sequence, short type, ProtocolVersion version, int headerBytes, byte[] text, int at, int length) {
        byte[] record = new byte[headerBytes + length];
        System.arraycopy(text, at, record, headerBytes, length);
        return new TlsEncodeResult(record, 0, record.length, (short) (type | level << LEVEL_SHIFT));
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
            long sequence, short type, ProtocolVersion version, byte[] text, int at, int length) {
        return new TlsDecodeResult(text, at, length, ContentType.handshake);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
        return plaintextLimit;
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
        return plaintextLimit;
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
        return ciphertextLimit;
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
        return ciphertextLimit;
    }

    @Override
    public void rekeyDecoder() throws IOException {
        // RFC 9001 §6: endpoints must not use TLS KeyUpdate messages.
        throw new TlsFatalAlert(AlertDescription.unexpected_message);
    }

    @Override
    public void rekeyEncoder() throws IOException {
        throw new TlsFatalAlert(AlertDescription.internal_error);
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return true;
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return true;
    }
}
