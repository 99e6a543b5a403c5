package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.TokenStatistics;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.config.EndpointConfig.Retry;
import io.stoq.config.TokenPolicy;
import io.stoq.crypto.CryptoProvider;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Rebind;
import io.stoq.sim.Seeds;
import io.stoq.wire.TransportErrorCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens prove addresses, and nothing else does: from Retry packets and from earlier connections. RFC 9000 §8.1. */
class AddressStoryTest {

    private static final byte[] NO_TOKEN = {};
    private static final long DAY_NS = 24 * 3600 * Story.S;
    private static final InetSocketAddress HOME = new InetSocketAddress("2001:db8:1:2::c", 50_000);
    private static final InetSocketAddress OTHER_PORT = new InetSocketAddress("2001:db8:1:2::c", 50_001);
    private static final InetSocketAddress NEIGHBOUR = new InetSocketAddress("2001:db8:1:2::d", 50_000);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("2001:db8:1:3::c", 50_000);

    private final CryptoProvider serverTls = Story.serverTls(1);
    private final CryptoProvider clientTls = Story.clientTls(1);

    private static EndpointConfig config(Retry retry) {
        return EndpointConfig.server(ConnectionConfig.defaults()).withRetry(retry);
    }

    private Gate gate(Retry retry) {
        return new Gate(config(retry), serverTls);
    }

    private Side converse(Gate gate, InetSocketAddress from, byte[] token) {
        return new Gate.Caller(clientTls, from).converse(gate, token);
    }

    /** What a client at {@link #HOME} got by a connection. */
    private byte[] tokenOf(Gate gate) {
        return converse(gate, HOME, NO_TOKEN).tokens.getFirst();
    }

    /** What a Retry packet gives a client at {@link #HOME}, and what that client sends then. */
    private List<byte[]> retried(Gate gate) {
        Gate.Caller caller = new Gate.Caller(clientTls, HOME);
        List<byte[]> retry = gate.receive(caller.call(gate.nowNs, NO_TOKEN).getFirst(), HOME);
        return caller.hear(gate.nowNs, retry);
    }

    // ---- what proves nothing: B-06

    /** A token, and who comes with it when. */
    record Claim(String what, Consumer<Attempt> story) {

        @Override
        public String toString() {
            return what;
        }
    }

    /** What a claim may change about a good token's use. */
    static final class Attempt {
        byte[] token;
        InetSocketAddress from = HOME;
        long afterNs;

        void alter(int at) {
            token[Math.floorMod(at, token.length)] ^= 1;
        }
    }

    static Stream<Claim> claims() {
        SplittableRandom random = new SplittableRandom(6);
        return Stream.of(
                new Claim("no token", attempt -> attempt.token = NO_TOKEN),
                new Claim("one byte", attempt -> attempt.token = new byte[1]),
                new Claim("zeros", attempt -> Arrays.fill(attempt.token, (byte) 0)),
                new Claim("junk", attempt -> random.nextBytes(attempt.token)),
                new Claim("as much junk as fits", attempt -> random.nextBytes(attempt.token = new byte[600])),
                new Claim(
                        "as much as fits behind the mark",
                        attempt -> attempt.token = Arrays.copyOf(attempt.token, 600)),
                new Claim("the mark alone", attempt -> attempt.token = Arrays.copyOf(attempt.token, 4)),
                new Claim(
                        "truncated", attempt -> attempt.token = Arrays.copyOf(attempt.token, attempt.token.length - 1)),
                new Claim("the first byte altered", attempt -> attempt.alter(0)),
                new Claim("the period altered", attempt -> attempt.alter(4)),
                new Claim("the content altered", attempt -> attempt.alter(20)),
                new Claim("the tag altered", attempt -> attempt.alter(-1)),
                new Claim("from elsewhere", attempt -> attempt.from = ELSEWHERE),
                new Claim("from a neighbour", attempt -> attempt.from = NEIGHBOUR),
                new Claim("expired", attempt -> attempt.afterNs = DAY_NS + Story.S),
                new Claim("years old", attempt -> attempt.afterNs = 1000 * DAY_NS));
    }

    /** B-06: the server sends at most three times what came, for as long as it tries; the token that is good shows the difference. */
    @ParameterizedTest
    @MethodSource("claims")
    void whatIsNoGoodTokenProvesNothing(Claim claim) {
        Gate gate = gate(Retry.NEVER);
        long sentForGood = sentForFirstPacket(gate, tokenOf(gate), HOME);
        assertTrue(sentForGood > 4000, () -> "the good token is not limited: " + sentForGood);
        TokenStatistics before = gate.server.statistics().tokens();
        assertEquals(1, before.acceptedNew());

        Attempt attempt = new Attempt();
        attempt.token = tokenOf(gate);
        claim.story.accept(attempt);
        gate.pass(attempt.afterNs);
        long sent = sentForFirstPacket(gate, attempt.token, attempt.from);
        assertTrue(sent > 0 && sent <= 3 * 1200, () -> sent + " bytes were sent for 1200");
        TokenStatistics after = gate.server.statistics().tokens();
        assertEquals(before.accepted(), after.accepted());
        assertEquals(before.rejected() + (attempt.token.length > 0 ? 1 : 0), after.rejected());
    }

    /** Bytes that the server sends to a client of which it hears no more than one packet. */
    private long sentForFirstPacket(Gate gate, byte[] token, InetSocketAddress from) {
        gate.pass(Story.S);
        long before = gate.sentBytes;
        List<byte[]> first = new Gate.Caller(clientTls, from).call(gate.nowNs, token);
        assertEquals(1200, first.getFirst().length);
        gate.receive(first.getFirst(), from);
        gate.pass(60 * Story.S);
        return gate.sentBytes - before;
    }

    /** B-06: where proof is wanted, the client is asked for it, and gets on with a new token. RFC 9000 §8.1.3. */
    @ParameterizedTest
    @MethodSource("claims")
    void whoHasNoGoodTokenIsAskedByARetryPacket(Claim claim) {
        Gate gate = gate(Retry.ALWAYS);
        Attempt attempt = new Attempt();
        attempt.token = tokenOf(gate);
        claim.story.accept(attempt);
        gate.pass(attempt.afterNs);
        long retries = gate.server.statistics().retriesSent();
        assertTrue(converse(gate, attempt.from, attempt.token).complete);
        assertEquals(retries + 1, gate.server.statistics().retriesSent());
        assertEquals(0, gate.server.statistics().tokens().acceptedNew());
    }

    /** B-06: a token is good for what it was made for: one of a Retry packet does not become one for later. */
    @Test
    void theKindOfATokenCannotBeChanged() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] later = tokenOf(gate);
        for (int i = 0; i < 4; i++) {
            later[i] = (byte) ~later[i];
        }
        Side side = converse(gate, HOME, later);
        requireInvalidToken(side);
        byte[] retry = tokenIn(retried(gate).getFirst());
        for (int i = 0; i < 4; i++) {
            retry[i] = (byte) ~retry[i];
        }
        long before = gate.server.statistics().tokens().acceptedNew();
        assertTrue(converse(gate, HOME, retry).complete);
        assertEquals(before, gate.server.statistics().tokens().acceptedNew());
    }

    private static void requireInvalidToken(Side side) {
        CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, side.closeReason);
        assertEquals(TransportErrorCode.INVALID_TOKEN, reason.code());
        assertTrue(reason.byPeer());
    }

    /** The token in an Initial packet with connection ids of 8 bytes. */
    private static byte[] tokenIn(byte[] initial) {
        int at = 7 + 8 + 8;
        int length = initial[at];
        assertTrue(length > 0 && length < 64, "a length of one byte");
        return Arrays.copyOfRange(initial, at + 1, at + 1 + length);
    }

    // ---- tokens of Retry packets

    @Test
    void aRetryTokenIsGoodForItsClientAtItsPort() {
        for (Retry rule : List.of(Retry.ALWAYS, Retry.WHEN_BUSY, Retry.NEVER)) {
            Gate asking = gate(Retry.ALWAYS);
            Gate gate = gate(rule);
            byte[] initial = retried(asking).getFirst();
            assertEquals(1, handshakes(gate, initial, HOME));
            assertEquals(1, gate.server.statistics().tokens().acceptedRetry());
        }
    }

    /** B-06: another address, another port, another time: whatever the rule, the attempt ends. RFC 9000 §8.1.2. */
    @ParameterizedTest
    @EnumSource(Retry.class)
    void aBadRetryTokenIsAnInvalidToken(Retry rule) {
        Gate asking = gate(Retry.ALWAYS);
        Gate gate = gate(rule);
        byte[] initial = retried(asking).getFirst();
        assertEquals(0, handshakes(gate, initial, NEIGHBOUR));
        assertEquals(0, handshakes(gate, initial, OTHER_PORT));
        gate.pass(16 * Story.S);
        assertEquals(0, handshakes(gate, initial, HOME));
        assertEquals(2, gate.server.statistics().tokens().unreadable());
        assertEquals(1, gate.server.statistics().tokens().expired());
        assertTrue(gate.sentBytes > 0 && gate.sentBytes < 3 * 1200 / 4, "refusals are short");
        requireInvalidToken(converse(gate, HOME, tokenIn(initial)));
    }

    /** B-22: a Retry token is tied to one attempt: with another connection id it is worth nothing. */
    @Test
    void aRetryTokenIsGoodForOneAttempt() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] initial = retried(gate).getFirst();
        requireInvalidToken(converse(gate, HOME, tokenIn(initial)));
        assertEquals(0, gate.server.statistics().tokens().acceptedRetry());
        assertEquals(1, handshakes(gate, initial, HOME));
        assertEquals(0, handshakes(gate, initial, HOME), "the same packet belongs to the same connection");
    }

    private static int handshakes(Gate gate, byte[] initial, InetSocketAddress from) {
        int before = gate.accepted.size();
        gate.receive(initial, from);
        return gate.accepted.size() - before;
    }

    // ---- tokens for later

    @Test
    void aClientThatComesAgainIsNotAsked() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] token = tokenOf(gate);
        assertEquals(1, gate.server.statistics().retriesSent());
        gate.pass(DAY_NS - Story.S);
        Side again = converse(gate, OTHER_PORT, token);
        assertTrue(again.complete);
        assertEquals(1, gate.server.statistics().retriesSent());
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
        assertEquals(1, again.tokens.size(), "and gets the next one");
    }

    /** B-22: used once, however often it is shown. */
    @Test
    void aTokenIsGoodForOneConnection() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] token = tokenOf(gate);
        assertTrue(converse(gate, HOME, token).complete);
        for (int i = 1; i <= 3; i++) {
            long retries = gate.server.statistics().retriesSent();
            assertTrue(converse(gate, HOME, token).complete);
            assertEquals(retries + 1, gate.server.statistics().retriesSent());
            assertEquals(i, gate.server.statistics().tokens().reused());
        }
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
    }

    /** B-22: who sends junk with somebody's token does not use it up. */
    @Test
    void aTokenIsUsedByAnAuthenticPacketOnly() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] token = tokenOf(gate);
        byte[] spoiled =
                new Gate.Caller(clientTls, HOME).call(gate.nowNs, token).getFirst();
        spoiled[1000] ^= 1;
        gate.receive(spoiled, HOME);
        assertEquals(0, gate.server.statistics().tokens().acceptedNew());
        assertTrue(converse(gate, HOME, token).complete);
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
    }

    @Test
    void whereThePolicySaysSoANeighbourMayUseIt() {
        TokenPolicy policy = TokenPolicy.defaults()
                .withBinding(TokenPolicy.Binding.PREFIX_64)
                .withPerConnection(2);
        Gate gate = new Gate(config(Retry.ALWAYS).withTokens(policy), serverTls);
        List<byte[]> tokens = converse(gate, HOME, NO_TOKEN).tokens;
        assertEquals(2, tokens.size());
        assertTrue(converse(gate, NEIGHBOUR, tokens.get(0)).complete);
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
        assertTrue(converse(gate, ELSEWHERE, tokens.get(1)).complete);
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
    }

    @Test
    void thePolicySetsHowManyAndForHowLong() {
        TokenPolicy policy = TokenPolicy.defaults().withPerConnection(8).withLifetime(Duration.ofMinutes(1));
        Gate gate = new Gate(config(Retry.ALWAYS).withTokens(policy), serverTls);
        List<byte[]> tokens = converse(gate, HOME, NO_TOKEN).tokens;
        Set<String> distinct = new HashSet<>();
        tokens.forEach(token -> distinct.add(HexFormat.of().formatHex(token)));
        assertEquals(8, distinct.size());
        gate.pass(60 * Story.S);
        converse(gate, HOME, tokens.get(0));
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
        gate.pass(Story.S);
        converse(gate, HOME, tokens.get(1));
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
        assertEquals(1, gate.server.statistics().tokens().expired());
        Gate giving = new Gate(config(Retry.ALWAYS).withTokens(policy.withPerConnection(0)), serverTls);
        assertEquals(0, converse(giving, HOME, NO_TOKEN).tokens.size());
    }

    @Test
    void serversThatShareAKeyTakeEachOthersTokens() {
        CryptoProvider one =
                Story.tls(11).identity(Story.IDENTITY).tokenKey(new byte[16]).build();
        CryptoProvider two =
                Story.tls(12).identity(Story.IDENTITY).tokenKey(new byte[16]).build();
        CryptoProvider stranger = Story.tls(13).identity(Story.IDENTITY).build();
        Gate first = new Gate(config(Retry.ALWAYS), one);
        first.server.unixTime(0, 1_900_000_000_000L);
        first.nowNs = 5 * Story.S;
        byte[] token = tokenOf(first);

        Gate second = new Gate(config(Retry.ALWAYS), two);
        second.nowNs = 77 * Story.S;
        second.server.unixTime(second.nowNs, 1_900_000_002_000L); // its clock is three seconds behind
        assertTrue(converse(second, HOME, token).complete);
        assertEquals(1, second.server.statistics().tokens().acceptedNew());

        Gate third = new Gate(config(Retry.ALWAYS), stranger);
        third.server.unixTime(0, 1_900_000_005_000L);
        assertTrue(converse(third, HOME, token).complete);
        assertEquals(0, third.server.statistics().tokens().acceptedNew());
        assertEquals(1, third.server.statistics().tokens().unreadable());
    }

    @Test
    void lostTokensAreSentAgain() {
        Seeds.each(20, seed -> {
            List<Element> lossy = List.of(new Loss(0.3), new Delay(10 * Story.MS));
            ConnectionConfig patient = ConnectionConfig.builder()
                    .handshakeTimeout(Duration.ofSeconds(60))
                    .idleTimeout(Duration.ofSeconds(60))
                    .build();
            Story story = new Story(
                    seed,
                    lossy,
                    List.of(new Loss(0.3), new Delay(10 * Story.MS)),
                    patient,
                    EndpointConfig.server(patient)
                            .withTokens(TokenPolicy.defaults().withPerConnection(3)));
            story.connect();
            story.run(() -> story.client.tokens.size() >= 3, 60 * Story.S);
            Set<String> distinct = new HashSet<>();
            story.client.tokens.forEach(token -> distinct.add(HexFormat.of().formatHex(token)));
            assertEquals(3, distinct.size());
        });
    }

    @Test
    void aClientThatMovedGetsATokenForItsNewAddress() {
        Rebind rebind = new Rebind().at(2 * Story.S, ELSEWHERE);
        Story story = new Story(
                Seeds.one(9),
                List.of(rebind.up(), new Delay(10 * Story.MS)),
                List.of(new Delay(10 * Story.MS), rebind.down()));
        story.connect();
        story.network.runFor(2 * Story.S - story.network.nowNs());
        assertEquals(1, story.client.tokens.size());
        story.client.send(true, 10_000);
        story.run(() -> story.client.tokens.size() == 2, 10 * Story.S);

        Gate gate = new Gate(config(Retry.ALWAYS), Story.serverTls(9));
        gate.nowNs = story.network.nowNs();
        Side there = new Gate.Caller(Story.clientTls(9), ELSEWHERE).converse(gate, story.client.tokens.get(1));
        assertTrue(there.complete);
        assertEquals(1, gate.server.statistics().tokens().acceptedNew());
        assertEquals(0, gate.server.statistics().retriesSent());
    }

    @Test
    void aNewPortNeedsNoNewToken() {
        Rebind rebind = new Rebind().at(2 * Story.S, new InetSocketAddress(Story.CLIENT.getAddress(), 50_777));
        Story story = new Story(
                Seeds.one(10),
                List.of(rebind.up(), new Delay(10 * Story.MS)),
                List.of(new Delay(10 * Story.MS), rebind.down()));
        story.connect();
        story.network.runFor(2 * Story.S - story.network.nowNs());
        story.client.send(true, 10_000);
        story.run(() -> story.server.finishedStreams() == 1 && !story.server.moves.isEmpty(), 10 * Story.S);
        story.network.runFor(Story.S);
        assertEquals(1, story.client.tokens.size());
    }

    @Test
    void tokensDoNotTieConnectionsTogetherForWhoWatches() {
        Gate gate = gate(Retry.ALWAYS);
        byte[] first = tokenOf(gate);
        byte[] second = tokenOf(gate);
        // Behind the mark and the key's period everything is random, or looks like it.
        assertArrayEquals(Arrays.copyOf(first, 5), Arrays.copyOf(second, 5));
        int same = 0;
        for (int i = 5; i < first.length; i++) {
            same += first[i] == second[i] ? 1 : 0;
        }
        int equal = same;
        assertTrue(equal <= 3, () -> equal + " bytes are equal");
    }

    /** A server's empty token: RFC 9000 §19.7. */
    @Test
    void anEmptyTokenIsAnEncodingError() {
        Tampering tampering = new Tampering(Story.serverTls(21));
        Story story = new Story(
                Seeds.one(21),
                List.of(new Delay(Story.MS)),
                List.of(new Delay(Story.MS)),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                Story.clientTls(21),
                tampering);
        story.connect();
        story.network.runFor(Story.S);
        assertNull(story.client.closeReason);
        tampering.replaceNext(2, (byte) 0x07, (byte) 0);
        story.server.send(false, 900);
        story.network.run(() -> story.client.closeReason != null, 12 * Story.S);
        CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, story.client.closeReason);
        assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, reason.code());
        assertFalse(reason.byPeer());
    }
}
