package io.stoq.bench.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final StringWriter shown = new StringWriter();

    private Screen screen(boolean live, boolean quiet) {
        return Screen.of(new PrintWriter(shown), live, quiet);
    }

    @Test
    void elsewhereThanOnATerminalThereAreOnlyLines() {
        Screen screen = screen(false, false);
        screen.status("half");
        screen.line("done");
        screen.clearStatus();
        assertEquals("done" + System.lineSeparator(), shown.toString());
    }

    @Test
    void aTerminalKeepsTheStatusBelowTheLines() {
        Screen screen = screen(true, false);
        screen.status("half");
        screen.line("done");
        assertEquals("half\r\u001b[2Kdone" + System.lineSeparator() + "half", shown.toString());
    }

    @Test
    void aStatusNeverWraps() {
        screen(true, false).status("x".repeat(1000));
        assertTrue(shown.toString().length() < 200, shown::toString);
    }

    @Test
    void aQuietScreenShowsNothing() {
        Screen screen = screen(true, true);
        screen.status("half");
        screen.line("done");
        assertEquals("", shown.toString());
    }
}
