package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Tap;
import io.stoq.tls.StoqTls;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** B-16: stateless resets end connections of a server that forgot them, and do nothing else. RFC 9000 §10.3. */
class ResetStoryTest {

    private static final InetSocketAddress SOMEBODY = new InetSocketAddress("2001:db8::f", 6000);

    private static Gate gate() {
        return new Gate(EndpointConfig.server(ConnectionConfig.defaults()), Story.serverTls(16));
    }

    /** A 1-RTT packet of no connection. */
    private static byte[] stray(SplittableRandom random, int length) {
        byte[] packet = new byte[length];
        random.nextBytes(packet);
        packet[0] = (byte) (packet[0] & 0x3f | 0x40);
        return packet;
    }

    /** B-16: an answer is shorter than what it answers, and looks like a packet. */
    @Test
    void aResetIsAlwaysShorterThanWhatTriggeredIt() {
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 9; length <= 1500; length++) {
            Gate gate = gate();
            List<byte[]> answers = gate.receive(stray(random, length), SOMEBODY);
            if (length < 22) {
                assertEquals(0, answers.size());
                continue;
            }
            int triggerBytes = length;
            assertEquals(1, answers.size());
            byte[] reset = answers.getFirst();
            assertTrue(reset.length < triggerBytes, () -> reset.length + " bytes for " + triggerBytes);
            assertTrue(reset.length >= 21);
            assertEquals(0x40, reset[0] & 0xc0);
        }
    }

    /** B-16: as many strays as somebody likes do not make as many resets. */
    @Test
    void resetsAreRateLimited() {
        SplittableRandom random = new SplittableRandom(2);
        Gate gate = gate();
        for (int i = 0; i < 10_000; i++) {
            gate.receive(stray(random, 1200), SOMEBODY);
        }
        assertEquals(16, gate.server.statistics().statelessResetsSent());
        for (int i = 0; i < 10_000; i++) {
            gate.pass(Story.MS);
            gate.receive(stray(random, 1200), SOMEBODY);
        }
        long sent = gate.server.statistics().statelessResetsSent();
        assertTrue(sent <= 16 + 1000, () -> sent + " in ten seconds");
    }

    /** B-16: two servers that know nothing do not keep each other busy. */
    @Test
    void twoServersDoNotAnswerEachOtherForEver() {
        Gate one = gate();
        Gate two = new Gate(EndpointConfig.server(ConnectionConfig.defaults()), Story.serverTls(17));
        ArrayDeque<byte[]> toOne = new ArrayDeque<>();
        ArrayDeque<byte[]> toTwo = new ArrayDeque<>();
        toOne.add(stray(new SplittableRandom(3), 1200));
        int answers = 0;
        while (!toOne.isEmpty() || !toTwo.isEmpty()) {
            while (!toOne.isEmpty()) {
                toTwo.addAll(one.receive(toOne.poll(), SOMEBODY));
            }
            while (!toTwo.isEmpty()) {
                toOne.addAll(two.receive(toTwo.poll(), SOMEBODY));
            }
            // So much time that no rate limits anything.
            one.pass(Story.S);
            two.pass(Story.S);
            answers++;
            assertTrue(answers < 20, "it does not end");
        }
        assertTrue(answers > 1, "they did answer");
    }

    /** B-16: nothing on the wire tells a token: neither ids nor address tokens share its key. */
    @Test
    void resetTokensAreUnrelatedToWhatIsOnTheWire() {
        SplittableRandom random = new SplittableRandom(4);
        Gate gate = gate();
        Set<Long> ids = new HashSet<>();
        Set<Long> windows = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            gate.pass(Story.S);
            byte[] stray = stray(random, 1200);
            ids.add(word(stray, 1));
            byte[] reset = gate.receive(stray, SOMEBODY).getFirst();
            for (int at = reset.length - 16; at <= reset.length - 8; at++) {
                assertTrue(windows.add(word(reset, at)), "a part of a token came twice");
            }
        }
        ids.retainAll(windows);
        assertEquals(Set.of(), ids);
    }

    /** B-16: the same bytes for both keys do not make the same secrets. */
    @Test
    void oneKeyForAllIsNoKeyForResets() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 9);
        CryptoProvider tls = StoqTls.builder()
                .applicationProtocols("story")
                .identity(Story.IDENTITY)
                .tokenKey(Arrays.copyOf(key, 16))
                .resetKey(key)
                .build();
        byte[] reset = new byte[16];
        tls.resetTokens().derive(new byte[8], 0, 8, reset, 0);
        byte[] sealed = tls.tokens().seal(0, new byte[8], new byte[8]);
        for (int at = 0; at + 8 <= sealed.length; at++) {
            assertFalse(word(sealed, at) == word(reset, 0) || word(sealed, at) == word(reset, 8));
        }
    }

    private static long word(byte[] bytes, int at) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | bytes[at + i] & 0xff;
        }
        return word;
    }

    private record Connected(Story story, Tap down) {

        static Connected of(long seed) {
            Tap down = new Tap();
            List<Element> up = List.of(new Delay(Story.MS));
            Story story = new Story(Seeds.one(seed), up, List.of(down, new Delay(Story.MS)));
            story.connect();
            story.network.runFor(Story.S);
            return new Connected(story, down);
        }

        void deliver(byte[] packet) {
            down.inject(story.network.nowNs(), new SimDatagram(Story.SERVER, Story.CLIENT, packet));
            story.network.runFor(Story.MS);
        }
    }

    /** B-16: zeros, and guesses, for each length that a reset may have. */
    @Test
    void zerosAndGuessesResetNothing() {
        Connected connected = Connected.of(18);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] guess = stray(random, 21 + i % 1200);
            if (i % 4 == 0) {
                Arrays.fill(guess, guess.length - 16, guess.length, (byte) 0);
            } else if (i % 4 == 1) {
                Arrays.fill(guess, guess.length - 16, guess.length, (byte) -1);
            }
            connected.deliver(guess);
        }
        assertNull(connected.story.client.closeReason);
        connected.story.client.send(true, 1000);
        connected.story.run(() -> connected.story.server.finishedStreams() == 1, 10 * Story.S);
    }

    /** B-16: the true token resets; with one bit of it flipped, or from elsewhere, it does not. */
    @Test
    void onlyTheWholeTokenFromTheRightPlaceResets() {
        Connected connected = Connected.of(19);
        byte[] id = connected.story.server.connection.localId();
        byte[] token = new byte[16];
        Story.serverTls(19).resetTokens().derive(id, 0, id.length, token, 0);
        // Some other packet of the same shape with each bit of the token flipped
        SplittableRandom random = new SplittableRandom(6);
        for (int bit = 0; bit < 128; bit++) {
            byte[] reset = stray(random, 42);
            System.arraycopy(token, 0, reset, 26, 16);
            reset[26 + bit / 8] ^= (byte) (1 << bit % 8);
            connected.deliver(reset);
        }
        byte[] reset = stray(random, 42);
        System.arraycopy(token, 0, reset, 26, 16);
        connected.down.inject(connected.story.network.nowNs(), new SimDatagram(SOMEBODY, Story.CLIENT, reset));
        connected.story.network.runFor(2 * Story.MS);
        assertNull(connected.story.client.closeReason);
        connected.deliver(reset);
        assertInstanceOf(CloseReason.StatelessReset.class, connected.story.client.closeReason);
    }
}
