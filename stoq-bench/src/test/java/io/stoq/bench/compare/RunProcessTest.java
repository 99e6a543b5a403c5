package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes of processes that do not do what they should. */
class RunProcessTest {

    private final Comparison comparison = Reports.comparison(1, List.of(Reports.STOQ, Reports.NETTY), 1452, 65_487);

    private String failure(Class<?> mainClass) throws Exception {
        Outcome outcome = new RunProcess(comparison, mainClass).execute(new Run(Reports.STOQ, 1452, 1));
        return assertInstanceOf(Outcome.Failed.class, outcome).reason();
    }

    @Test
    void aProcessThatFailsIsQuoted() throws Exception {
        assertEquals("cannot bind [::1]:1", failure(Complains.class));
    }

    @Test
    void aProcessThatDiesSilentlyIsToldOf() throws Exception {
        assertEquals("its process ended with code 3", failure(Dies.class));
    }

    @Test
    void aProcessThatReportsNonsenseIsToldOf() throws Exception {
        assertTrue(failure(Babbles.class).startsWith("its report cannot be read: "));
    }

    @Test
    void whatAStackCannotDoStartsNoProcess() throws Exception {
        Outcome outcome = new RunProcess(comparison, Dies.class).execute(new Run(Reports.NETTY, 65_487, 1));
        assertEquals(
                "cannot: its packets have at most 16383 bytes",
                assertInstanceOf(Outcome.Skipped.class, outcome).reason());
    }

    static final class Complains {

        public static void main(String[] arguments) {
            System.err.println("a warning");
            System.err.println("stoq: cannot bind [::1]:1");
            System.exit(1);
        }
    }

    static final class Dies {

        public static void main(String[] arguments) {
            System.exit(3);
        }
    }

    static final class Babbles {

        public static void main(String[] arguments) {
            System.out.println("fast enough");
        }
    }
}
