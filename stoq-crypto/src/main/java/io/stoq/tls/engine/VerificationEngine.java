package io.stoq.tls.engine;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** Hands a trust manager what it asks an engine for: the session in the making and whether to check the name. */
final class VerificationEngine extends SSLEngine {

    private final SSLSession session;
    private final SSLParameters parameters = new SSLParameters();

    /** @param asked the name to check, or null for none */
    VerificationEngine(X509Certificate[] chain, PeerName asked) {
        super(asked == null ? null : asked.text(), -1);
        this.session = new VerificationSession(chain, asked);
        if (asked != null) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9110 §4.3.4
        }
    }

    @Override
    public SSLSession getHandshakeSession() {
        return session;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public SSLParameters getSSLParameters() {
        return parameters;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
        throw moreThanVerification();
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
        throw moreThanVerification();
    }

    @Override
    public Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public void closeInbound() {
        throw moreThanVerification();
    }

    @Override
    public boolean isInboundDone() {
        return true;
    }

    @Override
    public void closeOutbound() {
        throw moreThanVerification();
    }

    @Override
    public boolean isOutboundDone() {
        return true;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[] {session.getCipherSuite()};
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return getSupportedCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw moreThanVerification();
    }

    @Override
    public String[] getSupportedProtocols() {
        return new String[] {session.getProtocol()};
    }

    @Override
    public String[] getEnabledProtocols() {
        return getSupportedProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw moreThanVerification();
    }

    @Override
    public void beginHandshake() {
        throw moreThanVerification();
    }

    @Override
    public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
        return SSLEngineResult.HandshakeStatus.NEED_TASK;
    }

    @Override
    public void setUseClientMode(boolean client) {
        throw moreThanVerification();
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw moreThanVerification();
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw moreThanVerification();
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean enabled) {
        throw moreThanVerification();
    }

    @Override
    public boolean getEnableSessionCreation() {
        return false;
    }

    private static UnsupportedOperationException moreThanVerification() {
        return new UnsupportedOperationException("this engine only describes a handshake to a trust manager");
    }
}
