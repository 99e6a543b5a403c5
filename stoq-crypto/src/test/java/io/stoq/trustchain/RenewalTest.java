package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.tls.Identity;
import io.stoq.tls.IdentitySource;
import io.stoq.tls.LiveEvent;
import io.stoq.tls.LiveIdentity;
import io.stoq.tls.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node asks the authority for its next certificate ahead of the end of the one it has. */
class RenewalTest {

    private static final Duration LIFETIME = Duration.ofHours(24);

    @TempDir
    Path temporary;

    /** Keeps the authority's clock by the story's, and may be unable to reach it. */
    private static final class Line implements IdentitySource {

        private final IdentitySource authority;
        private final Fleet fleet;
        private final VirtualTime time;
        private final List<Instant> asked = new ArrayList<>();
        private boolean cut;

        Line(TrustChain authority, Fleet fleet, VirtualTime time) {
            this.authority = authority.identities(KeyAlgorithm.P256, List.of("node.example"), LIFETIME);
            this.fleet = fleet;
            this.time = time;
        }

        @Override
        public String name() {
            return authority.name();
        }

        @Override
        public boolean renews() {
            return authority.renews();
        }

        @Override
        public Identity load() throws IOException {
            asked.add(time.now());
            fleet.pass(Duration.between(fleet.now(), time.now()));
            if (cut) {
                throw new IOException("the authority does not answer");
            }
            return authority.load();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void atTwoThirdsOfTheLifetimeSoonerOrLater(long seed) throws Exception {
        Fleet fleet = new Fleet(temporary.resolve("ca"));
        VirtualTime time = new VirtualTime(fleet.now(), seed);
        try (TrustChain authority = fleet.create()) {
            Line line = new Line(authority, fleet, time);
            try (LiveIdentity live = time.keep(line)) {
                Identity first = live.get();
                time.pass(Duration.ofDays(5));
                assertNotEquals(first.certificates(), live.get().certificates());
                assertNotEquals(first.publicKeySha256(), live.get().publicKeySha256());
                for (int i = 1; i < line.asked.size(); i++) {
                    Duration between = Duration.between(line.asked.get(i - 1), line.asked.get(i));
                    assertTrue(between.compareTo(Duration.ofMinutes(14 * 60 + 48)) >= 0, between::toString);
                    assertTrue(between.compareTo(Duration.ofMinutes(17 * 60 + 13)) <= 0, between::toString);
                }
                assertTrue(line.asked.size() >= 7, line.asked::toString);
                assertEquals(line.asked.size() - 1, time.told.size());
                time.told.forEach(event -> assertInstanceOf(LiveEvent.Swapped.class, event));
            }
        }
    }

    @Test
    void nodesThatWereStartedAtOnceDoNotAskAtOnce() throws Exception {
        Fleet fleet = new Fleet(temporary.resolve("ca"));
        try (TrustChain authority = fleet.create()) {
            Instant start = fleet.now();
            List<Instant> second = new ArrayList<>();
            for (int node = 0; node < 20; node++) {
                VirtualTime time = new VirtualTime(start, node);
                Line line = new Line(authority, fleet, time);
                time.keep(line);
                time.pass(Duration.ofHours(18));
                second.add(line.asked.get(1));
            }
            Duration spread = Duration.between(
                    second.stream().min(Instant::compareTo).orElseThrow(),
                    second.stream().max(Instant::compareTo).orElseThrow());
            assertTrue(spread.compareTo(Duration.ofHours(1)) > 0, spread::toString);
        }
    }

    @Test
    void whileTheAuthorityIsAwayItIsAskedMoreAndMoreSeldom() throws Exception {
        Fleet fleet = new Fleet(temporary.resolve("ca"));
        VirtualTime time = new VirtualTime(fleet.now(), 7);
        try (TrustChain authority = fleet.create()) {
            Line line = new Line(authority, fleet, time);
            try (LiveIdentity live = time.keep(line)) {
                Identity first = live.get();
                line.cut = true;
                time.pass(LIFETIME.plusHours(2));
                assertEquals(first, live.get());
                int tries = line.asked.size() - 1;
                assertTrue(tries > 15 && tries < 800, "tries " + tries);
                Duration earliest = Duration.between(line.asked.get(1), line.asked.get(2));
                Duration later = Duration.between(line.asked.get(7), line.asked.get(8));
                assertTrue(earliest.compareTo(Duration.ofSeconds(20)) < 0, earliest::toString);
                assertTrue(later.compareTo(Duration.ofMinutes(5)) > 0, later::toString);
                assertEquals(
                        2,
                        time.told.stream()
                                .filter(LiveEvent.Expiring.class::isInstance)
                                .count());
                line.cut = false;
                time.pass(Duration.ofMinutes(1));
                assertNotEquals(first.certificates(), live.get().certificates());
                assertInstanceOf(LiveEvent.Swapped.class, time.told.getLast());
            }
        }
    }

    @Test
    void whatTheAuthorityRefusesIsSaidInItsWords() throws Exception {
        Fleet fleet = new Fleet(temporary.resolve("ca"));
        VirtualTime time = new VirtualTime(fleet.now(), 1);
        AuthorityProfile profile = AuthorityProfile.named("Fleet").withPermitted(List.of("fleet.example"));
        try (TrustChain authority = fleet.create(profile)) {
            IdentitySource source = authority.identities(KeyAlgorithm.P256, List.of("elsewhere.example"), LIFETIME);
            IllegalArgumentException refused = org.junit.jupiter.api.Assertions.assertThrows(
                    IllegalArgumentException.class, () -> time.keep(source));
            assertTrue(refused.getMessage().contains("elsewhere.example"), refused.getMessage());
        }
    }
}
