package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.sim.Delay;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Tap;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Version Negotiation as a client sees it. RFC 9000 §6.2. */
class VersionStoryTest {

    /** The answer of a server that speaks only these versions to a client's first Initial packet. */
    private static byte[] negotiation(byte[] initial, int... versions) {
        int dcidLength = initial[5];
        int scidLength = initial[6 + dcidLength];
        byte[] packet = new byte[7 + dcidLength + scidLength + 4 * versions.length];
        packet[0] = (byte) 0xc0;
        packet[5] = (byte) scidLength;
        System.arraycopy(initial, 7 + dcidLength, packet, 6, scidLength);
        packet[6 + scidLength] = (byte) dcidLength;
        System.arraycopy(initial, 6, packet, 7 + scidLength, dcidLength);
        for (int i = 0; i < versions.length; i++) {
            int at = 7 + dcidLength + scidLength + 4 * i;
            for (int k = 0; k < 4; k++) {
                packet[at + k] = (byte) (versions[i] >>> 24 - 8 * k);
            }
        }
        return packet;
    }

    private static Story answered(byte[] alteration, int... versions) {
        Tap up = new Tap();
        Tap down = new Tap();
        Story story = new Story(Seeds.one(41), List.of(up, new Delay(Story.MS)), List.of(down, new Delay(Story.MS)));
        up.dropIf(datagram -> true).observe((nowNs, datagram) -> {
            byte[] answer = negotiation(datagram.payload(), versions);
            for (int i = 0; i < alteration.length; i++) {
                answer[6 + i] ^= alteration[i];
            }
            down.inject(nowNs, new SimDatagram(Story.SERVER, Story.CLIENT, answer));
        });
        story.startConnecting();
        story.network.run(() -> story.client.closeReason != null, 20 * Story.S);
        return story;
    }

    @Test
    void aClientThatIsOfferedOnlyOtherVersionsGivesUpAtOnce() {
        Story story = answered(new byte[0], 0x6b3343cf, 0x1a2a3a4a);
        CloseReason.VersionNegotiation reason =
                assertInstanceOf(CloseReason.VersionNegotiation.class, story.client.closeReason);
        assertEquals(Arrays.asList(0x6b3343cf, 0x1a2a3a4a), reason.serverVersions());
        assertTrue(story.network.nowNs() < Story.S);
    }

    @Test
    void aNegotiationThatListsTheVersionInUseIsIgnored() {
        Story story = answered(new byte[0], 0x6b3343cf, 1);
        assertInstanceOf(CloseReason.HandshakeTimeout.class, story.client.closeReason);
    }

    @Test
    void aNegotiationForOtherConnectionIdsIsIgnored() {
        Story story = answered(new byte[] {1}, 0x6b3343cf);
        assertInstanceOf(CloseReason.HandshakeTimeout.class, story.client.closeReason);
    }

    @Test
    void aNegotiationAfterTheFirstPacketIsIgnored() {
        Tap up = new Tap();
        Tap down = new Tap();
        Story story = new Story(Seeds.one(42), List.of(up, new Delay(Story.MS)), List.of(down, new Delay(Story.MS)));
        byte[][] first = new byte[1][];
        up.observe((nowNs, datagram) -> first[0] = first[0] == null ? datagram.payload() : first[0]);
        story.connect();
        down.inject(story.network.nowNs(), new SimDatagram(Story.SERVER, Story.CLIENT, negotiation(first[0], 7)));
        story.network.runFor(Story.S);
        assertTrue(story.client.connection.isOpen());
    }
}
