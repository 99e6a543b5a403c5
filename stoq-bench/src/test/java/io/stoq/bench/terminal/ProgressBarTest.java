package io.stoq.bench.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ProgressBarTest {

    @Test
    void plainBarsFillWholeCells() {
        assertEquals("[----]", ProgressBar.of(0, 4, false));
        assertEquals("[##--]", ProgressBar.of(0.5, 4, false));
        assertEquals("[####]", ProgressBar.of(1, 4, false));
    }

    @Test
    void unicodeBarsFillEighthsOfCells() {
        assertEquals("▕    ▏", ProgressBar.of(0, 4, true));
        assertEquals("▕█▌  ▏", ProgressBar.of(0.375, 4, true));
        assertEquals("▕████▏", ProgressBar.of(1, 4, true));
    }

    @Test
    void whatLiesOutsideIsDrawnAsTheNearerEnd() {
        assertEquals(ProgressBar.of(0, 10, true), ProgressBar.of(-3, 10, true));
        assertEquals(ProgressBar.of(1, 10, true), ProgressBar.of(7, 10, true));
        assertEquals(ProgressBar.of(0, 10, true), ProgressBar.of(Double.NaN, 10, true));
    }

    @Test
    void wanderingBarsKeepTheirWidthAndMove() {
        String previous = "";
        for (long step = 0; step < 100; step++) {
            String bar = ProgressBar.wandering(step, 12, false);
            assertEquals(14, bar.length());
            assertEquals(2, bar.chars().filter(c -> c == '#').count());
            assertNotEquals(previous, bar);
            previous = bar;
        }
    }
}
