package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackTest {

    @ParameterizedTest
    @CsvSource({"36.9, 40", "40, 40", "5.2, 6", "0.31, 0.4", "1, 1", "0.0007, 0.0008", "123.4, 150", "0, 1"})
    void theScaleEndsAtARoundNumber(double largest, double end) {
        assertEquals(largest == 123.4 ? 150 : end, Track.upTo(largest).max(), end * 1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.07, 0.5, 1, 1.3, 2.7, 9, 11, 38, 99, 101, 1234})
    void noValueIsOutsideAndThereIsRoomForTheLabels(double largest) {
        Track track = Track.upTo(largest);
        assertTrue(track.max() >= largest);
        assertTrue(track.max() <= 2 * largest);
        List<Double> ticks = track.ticks();
        assertEquals(0, ticks.getFirst());
        assertEquals(track.max(), ticks.getLast(), track.max() * 1e-9);
        assertTrue(ticks.size() >= 2 && ticks.size() <= 6, ticks::toString);
    }

    @Test
    void barsAndWhiskersAreInPercentOfTheScale() {
        String svg = new Track(40).bar("stoq", new Spread(20, 10, 30));
        assertTrue(svg.contains("<rect class=\"bar stoq\" x=\"0\" y=\"3\" width=\"50\""), svg);
        assertTrue(svg.contains("M25 6V14M25 10H75M75 6V14"), svg);
    }
}
