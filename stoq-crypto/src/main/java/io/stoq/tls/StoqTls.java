package io.stoq.tls;

import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.PacketProtection;
import io.stoq.crypto.TlsSession;
import io.stoq.protection.Aead;
import io.stoq.protection.JcaPacketProtection;
import io.stoq.tls.engine.CurrentVerifier;
import io.stoq.tls.engine.EarlyDataPolicy;
import io.stoq.tls.engine.HandshakeCrypto;
import io.stoq.tls.engine.HandshakeRejection;
import io.stoq.tls.engine.KeyExchangeGroup;
import io.stoq.tls.engine.PeerName;
import io.stoq.tls.engine.PeerVerifier;
import io.stoq.tls.engine.QuicTlsSession;
import io.stoq.tls.engine.ReplayFilter;
import io.stoq.tls.engine.Resumption;
import io.stoq.tls.engine.SessionCache;
import io.stoq.tls.engine.TicketKeyRing;
import io.stoq.tls.engine.TlsSettings;
import io.stoq.token.AesGcmTokenSealer;
import io.stoq.token.HmacResetTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All cryptography of an endpoint: TLS 1.3 by Bouncy Castle, packet protection by ipsec-mb or the Java platform, tokens.
 * RFC 9001.
 *
 * <pre>{@code
 * StoqTls server = StoqTls.builder().identity(identity).applicationProtocols("echo").build();
 * StoqTls client = StoqTls.builder().trust(Trust.pem(ca)).applicationProtocols("echo").build();
 * }</pre>
 *
 * <p>Immutable; one instance may serve any number of endpoints, except where the builder was given entropy.
 */
public final class StoqTls implements CryptoProvider {

    private static final int SEED_BYTES = 32;

    private final TlsSettings settings;
    private final PacketProtection protection;
    private final TokenSealer tokens;
    private final ResetTokens resetTokens;
    private final Entropy entropy;
    private final Function<Runnable, Runnable> onTrustChanged;

    /** Null where each session draws its randomness from {@link #entropy}. */
    private final HandshakeCrypto sharedCrypto;

    private StoqTls(Builder builder) {
        this.protection = builder.packetProtection();
        this.entropy = builder.entropy != null ? builder.entropy : systemEntropy();
        this.onTrustChanged = builder.onTrustChanged;
        this.settings = builder.settings(entropy);
        this.sharedCrypto = builder.entropy != null ? null : HandshakeCrypto.shared();
        this.tokens = new AesGcmTokenSealer(
                builder.tokenKeys.isEmpty() ? List.of(draw(Builder.TOKEN_KEY_BYTES)) : builder.tokenKeys,
                entropy,
                AesGcmTokenSealer.DEFAULT_PERIOD);
        this.resetTokens = new HmacResetTokens(builder.resetKey != null ? builder.resetKey : draw(32));
    }

    /** Starts to describe who this side is, whom it trusts, and what it speaks. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean supportsServer() {
        return settings.identity() != null;
    }

    @Override
    public boolean supportsClient() {
        return true;
    }

    /** @throws IllegalArgumentException where {@code serverName} is neither a DNS name nor an IPv6 address */
    @Override
    public TlsSession clientSession(String serverName, byte[] transportParameters) {
        return QuicTlsSession.client(crypto(), settings, PeerName.of(serverName), transportParameters);
    }

    @Override
    public String refusal(String serverName, List<X509Certificate> certificates) {
        X509Certificate[] chain = certificates.toArray(X509Certificate[]::new);
        try {
            settings.verifier().recheck(chain, PeerName.of(serverName), Instant.now());
            return null;
        } catch (HandshakeRejection e) {
            return e.reason();
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    @Override
    public Runnable onTrustChanged(Runnable listener) {
        return onTrustChanged.apply(listener);
    }

    /** @throws IllegalStateException where there is no identity */
    @Override
    public TlsSession serverSession(byte[] transportParameters) {
        if (!supportsServer()) {
            throw new IllegalStateException("a server needs a certificate: StoqTls.builder().identity(...)");
        }
        return QuicTlsSession.server(crypto(), settings, transportParameters);
    }

    @Override
    public PacketProtection protection() {
        return protection;
    }

    @Override
    public TokenSealer tokens() {
        return tokens;
    }

    @Override
    public ResetTokens resetTokens() {
        return resetTokens;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    private HandshakeCrypto crypto() {
        return sharedCrypto != null ? sharedCrypto : HandshakeCrypto.seeded(draw(SEED_BYTES));
    }

    private byte[] draw(int bytes) {
        byte[] drawn = new byte[bytes];
        entropy.fill(drawn, 0, bytes);
        return drawn;
    }

    private static Entropy systemEntropy() {
        SecureRandom random = new SecureRandom();
        return (target, at, length) -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, target, at, length);
        };
    }

    /** Collects the settings; {@link #build()} checks what depends on several. Not thread-safe. */
    public static final class Builder {

        private static final int MAX_PROTOCOL_NAME_BYTES = 255; // RFC 7301 §3.1
        private static final Function<Runnable, Runnable> FIXED = listener -> () -> {};
        private static final int TOKEN_KEY_BYTES = 16;
        private static final int MAX_OTHER_TOKEN_KEYS = 3;
        private static final int RESET_KEY_BYTES = 32;
        private static final int TICKET_SECRET_BYTES = 32;
        private static final int MAX_EARLY_TICKETS_PER_PERIOD = 1 << 16;

        private List<Supplier<Identity>> identities = List.of();
        private Supplier<Trust> trust;
        private Function<Runnable, Runnable> onTrustChanged = FIXED;
        private List<String> applicationProtocols = List.of();
        private List<CipherSuite> cipherSuites = List.of(CipherSuite.values());
        private List<KeyExchangeGroup> groups = List.of(
                KeyExchangeGroup.X25519_MLKEM768,
                KeyExchangeGroup.X25519,
                KeyExchangeGroup.SECP256R1,
                KeyExchangeGroup.SECP384R1);
        private boolean wantClientCertificate;
        private boolean requireClientCertificate;
        private Consumer<String> keyLog;
        private Entropy entropy;
        private Aead aead = Aead.AUTO;
        private String provider;
        private PacketProtection protection;
        private List<byte[]> tokenKeys = List.of();
        private byte[] resetKey;
        private boolean sessionTickets = true;
        private List<byte[]> ticketSecrets = List.of();
        private Duration ticketLifetime = Duration.ofDays(1);
        private int sessionCacheSize = 1024;
        private boolean earlyData;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** Who one is: needed by servers, and by clients of servers that ask for a certificate. */
        public Builder identity(Identity identity) {
            this.identities = identity == null ? List.of() : List.of(() -> identity);
            return this;
        }

        /** Who one is, asked for in each handshake; must not wait. Such as a {@link LiveIdentity}. */
        public Builder identity(Supplier<Identity> identity) {
            this.identities = List.of(identity);
            return this;
        }

        /**
         * Server: several, of which the name that the client asks for (SNI) chooses one: those whose certificate has this DNS
         * name, then those with a wildcard for it, in this order; the first whose key makes a signature that the client takes.
         * So there may be an ECDSA and an RSA certificate for one name. Where no name is asked for, or one that none has, it
         * is the first. A client shows the first, too.
         */
        public Builder identities(List<? extends Supplier<Identity>> identities) {
            this.identities = List.copyOf(identities);
            return this;
        }

        /** Whom to believe; {@link Trust#platform()} where nothing is said. */
        public Builder trust(Trust trust) {
            this.trust = trust == null ? null : () -> trust;
            this.onTrustChanged = FIXED;
            return this;
        }

        /** Whom to believe, by the files of the time of each handshake. */
        public Builder trust(LiveTrust trust) {
            this.trust = trust;
            this.onTrustChanged = trust::onSwapped;
            return this;
        }

        /** ALPN names in order of preference; QUIC does without none. RFC 9001 §8.1. */
        public Builder applicationProtocols(String... names) {
            for (String name : names) {
                int bytes = name.getBytes(StandardCharsets.UTF_8).length;
                if (bytes == 0 || bytes > MAX_PROTOCOL_NAME_BYTES) {
                    throw new IllegalArgumentException("application protocol \"" + name + "\" has " + bytes
                            + " bytes; use 1 to " + MAX_PROTOCOL_NAME_BYTES);
                }
            }
            this.applicationProtocols = distinct("application protocol", List.of(names));
            return this;
        }

        /** In order of preference; all three where nothing is said. */
        public Builder cipherSuites(CipherSuite... suites) {
            this.cipherSuites = distinct("cipher suite", List.of(suites));
            return this;
        }

        /**
         * In order of preference; {@code X25519MLKEM768}, {@code x25519}, {@code secp256r1}, {@code secp384r1} where nothing
         * is said. The first one withstands quantum computers, and makes the client's first flight two packets. A client
         * sends its share for the first group, and for {@code x25519} beside the hybrid; a server takes the client's order.
         */
        public Builder keyExchangeGroups(String... names) {
            this.groups = distinct(
                    "key exchange group",
                    Arrays.stream(names).map(KeyExchangeGroup::named).toList());
            return this;
        }

        /** Server: whether clients must show a certificate that {@link #trust} accepts; needs an explicit trust. */
        public Builder requireClientCertificate(boolean required) {
            this.requireClientCertificate = required;
            return this;
        }

        /**
         * Server: whether clients are asked for a certificate, and let in without one. One that they do show must be accepted
         * by {@link #trust}; {@code StoqConnection.peerCertificates()} has it. Needs an explicit trust.
         */
        public Builder wantClientCertificate(boolean wanted) {
            this.wantClientCertificate = wanted;
            return this;
        }

        /** Appends all secrets to a file, for tools that decrypt recordings (SSLKEYLOGFILE). Never in production. */
        public Builder keyLog(Path file) {
            return keyLog(new KeyLogFile(file));
        }

        /** Hands over each line of the key log, on the thread that runs the handshake. Never in production. */
        public Builder keyLog(Consumer<String> lines) {
            this.keyLog = lines;
            return this;
        }

        /** All randomness, handshakes included, follows from {@code entropy}. For simulations: no secrecy is left. */
        public Builder entropy(Entropy entropy) {
            this.entropy = entropy;
            return this;
        }

        /** What seals packets; {@link Aead#AUTO} where nothing is said. */
        public Builder aead(Aead aead) {
            this.aead = Objects.requireNonNull(aead, "aead");
            return this;
        }

        /**
         * A security provider whose ciphers seal packets, by its name, such as {@code BC}. It need not be in the Java
         * runtime's list if its jar is on the class path.
         */
        public Builder provider(String name) {
            this.provider = name;
            return this;
        }

        /** An implementation of packet protection of one's own, whatever {@link #aead} and {@link #provider} say. */
        public Builder protection(PacketProtection protection) {
            this.protection = protection;
            return this;
        }

        /**
         * 16 bytes that the keys of address tokens follow from, a new one each day; random where nothing is said. Servers
         * behind one name share it, so that they take each other's tokens.
         */
        public Builder tokenKey(byte[] key) {
            return tokenKeys(key);
        }

        /**
         * As {@link #tokenKey}, where it is being replaced: tokens of the others are still taken. Give the new one to all
         * servers as one of the others first, then as the first.
         *
         * @param others at most 3
         */
        public Builder tokenKeys(byte[] key, byte[]... others) {
            if (others.length > MAX_OTHER_TOKEN_KEYS) {
                throw new IllegalArgumentException(
                        others.length + " other token keys; give at most " + MAX_OTHER_TOKEN_KEYS);
            }
            List<byte[]> keys = new ArrayList<>();
            keys.add(checkedKey("token key", key, TOKEN_KEY_BYTES));
            for (byte[] other : others) {
                keys.add(checkedKey("token key", other, TOKEN_KEY_BYTES));
            }
            this.tokenKeys = List.copyOf(keys);
            return this;
        }

        /** 32 bytes that stateless resets follow from; random where nothing is said. Keep it over restarts. */
        public Builder resetKey(byte[] key) {
            this.resetKey = checkedKey("reset key", key, RESET_KEY_BYTES);
            return this;
        }

        /**
         * Server: whether clients get tickets, by which they resume their session without a certificate to send, sign and
         * verify. Default true. RFC 8446 §2.2.
         */
        public Builder sessionTickets(boolean given) {
            this.sessionTickets = given;
            return this;
        }

        /**
         * Server: secrets that the keys of tickets follow from. Servers that are to take each other's tickets share them; the
         * first one seals, all of them open, so that a new one may be put in front while tickets of the old one live. Whoever
         * knows one can read its tickets. Without any, the keys are random, this server's own, and gone after use.
         *
         * @param secrets of 32 random bytes each
         */
        public Builder ticketSecrets(byte[]... secrets) {
            this.ticketSecrets = Arrays.stream(secrets)
                    .map(secret -> checkedKey("ticket secret", secret, TICKET_SECRET_BYTES))
                    .toList();
            return this;
        }

        /** Server: how long tickets are taken, 1 second to 7 days; their key changes as often. Default 1 day. */
        public Builder ticketLifetime(Duration lifetime) {
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(Duration.ofDays(7)) > 0) {
                throw new IllegalArgumentException("ticket lifetime " + lifetime + "; use 1 second to 7 days");
            }
            this.ticketLifetime = lifetime;
            return this;
        }

        /**
         * Client: how many sessions are kept in memory to be resumed, 64 of one server at most; 0 resumes none. Default 1024.
         * Each is used once, RFC 8446 §C.4.
         */
        public Builder sessionCache(int sessions) {
            if (sessions < 0) {
                throw new IllegalArgumentException("session cache of " + sessions + "; use 0 for none, or more");
            }
            this.sessionCacheSize = sessions;
            return this;
        }

        /**
         * Whether data may go with a client's first flight, before the handshake (0-RTT). Default false. Such data has no
         * forward secrecy, and whoever records it can send it to another server that takes it; this one takes each ticket's
         * once, and only with tickets of its own, which end with the process. RFC 9001 §4.6, §9.2.
         *
         * <p>A server hands it to the application as streams that say so; a client sends some where it asks for that when it
         * connects.
         */
        public Builder earlyData(boolean allowed) {
            this.earlyData = allowed;
            return this;
        }

        /** Tells how old tickets are; the system's clock where nothing is said. For simulations. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * @throws IllegalArgumentException where settings are missing or do not go together
         * @throws UnsupportedOperationException where the AEAD asked for cannot be used here; the message says why
         */
        public StoqTls build() {
            if (applicationProtocols.isEmpty()) {
                throw new IllegalArgumentException(
                        "no application protocol; QUIC needs one, such as applicationProtocols(\"my-protocol\")");
            }
            boolean asks = wantClientCertificate || requireClientCertificate;
            String asking = requireClientCertificate ? "requireClientCertificate" : "wantClientCertificate";
            if (asks && trust == null) {
                throw new IllegalArgumentException(
                        asking + " without trust would let in whoever has a public certificate;"
                                + " name your authority with trust(Trust.pem(...))");
            }
            if (asks && identities.isEmpty()) {
                throw new IllegalArgumentException(asking + " is for servers, which need identity(...)");
            }
            return new StoqTls(this);
        }

        private TlsSettings settings(Entropy nonces) {
            Resumption resumption = new Resumption(
                    identities.isEmpty() || !sessionTickets
                            ? null
                            : new TicketKeyRing(ticketSecrets, ticketLifetime.toMillis(), nonces),
                    ticketLifetime,
                    new SessionCache(sessionCacheSize),
                    earlyData ? earlyDataPolicy(nonces) : null,
                    clock);
            return new TlsSettings(
                    identities.isEmpty() ? null : new Identities(identities),
                    verifier(),
                    applicationProtocols,
                    cipherSuites.stream().mapToInt(CipherSuite::id).toArray(),
                    groups,
                    wantClientCertificate || requireClientCertificate,
                    requireClientCertificate,
                    keyLog,
                    resumption);
        }

        private static EarlyDataPolicy earlyDataPolicy(Entropy source) {
            byte[] issuer = new byte[EarlyDataPolicy.ISSUER_BYTES];
            source.fill(issuer, 0, issuer.length);
            return new EarlyDataPolicy(issuer, new ReplayFilter(MAX_EARLY_TICKETS_PER_PERIOD));
        }

        private PeerVerifier verifier() {
            Supplier<Trust> current = trust;
            return current == null
                    ? Trust.platform().verifier()
                    : new CurrentVerifier(() -> current.get().verifier());
        }

        private PacketProtection packetProtection() {
            if (protection != null) {
                return protection;
            }
            if (provider == null) {
                return aead.protection();
            }
            if (aead == Aead.IPSEC_MB) {
                throw new IllegalArgumentException("provider " + provider + " and the AEAD " + aead.label()
                        + " exclude each other; leave one out");
            }
            return JcaPacketProtection.of(provider);
        }

        private static <T> List<T> distinct(String what, List<T> values) {
            if (values.isEmpty() || Set.copyOf(values).size() != values.size()) {
                throw new IllegalArgumentException(what + "s " + values + "; name at least one, and none twice");
            }
            return values;
        }

        private static byte[] checkedKey(String what, byte[] key, int bytes) {
            if (key == null || key.length != bytes) {
                int given = key == null ? 0 : key.length;
                throw new IllegalArgumentException(
                        what + " of " + given + " bytes; it must be " + bytes + " random ones");
            }
            return key.clone();
        }
    }
}
