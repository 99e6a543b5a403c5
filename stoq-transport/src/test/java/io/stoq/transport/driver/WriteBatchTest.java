package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When what is written reaches the engine, in virtual time: the mailbox and the timer of the driver are this test's. */
class WriteBatchTest {

    private static final long DELAY_NS = 1000;

    private final Mailbox mailbox = new Mailbox();
    private final List<String> handedOver = new ArrayList<>();
    private int wakeUps;
    private boolean inLoop;
    private Batches batches = batches(DELAY_NS);
    private WriteBatch batch = new WriteBatch(batches);

    private Batches batches(long delayNs) {
        return new Batches(new Batching(4, 100, delayNs), this::submit, () -> inLoop);
    }

    private void submit(LoopWork work) {
        switch (mailbox.put(work)) {
            case FIRST -> wakeUps++;
            case REFUSED -> work.run(0);
            case BEHIND, ALREADY -> {
                // The loop knows.
            }
        }
    }

    private LoopWork output(String name) {
        return new LoopWork() {
            @Override
            void run(long nowNs) {
                handedOver.add(name);
            }
        };
    }

    /** What the driver does when it is woken, or its timer fires. */
    private void turn(long nowNs) {
        inLoop = true;
        mailbox.drain(nowNs);
        batches.releaseDue(nowNs);
        inLoop = false;
    }

    @Test
    void withoutADelayTheNextTurnHandsOver() {
        batches = batches(0);
        batch = new WriteBatch(batches);
        LoopWork output = output("a");
        batch.onWritten(output, 1);
        batch.onWritten(output, 1);
        assertEquals(1, wakeUps);
        turn(5);
        assertEquals(List.of("a"), handedOver);
        assertEquals(Long.MAX_VALUE, batches.deadlineNs());
    }

    @Test
    void withADelayTheLoopIsWokenOnceToSetItsTimer() {
        LoopWork output = output("a");
        batch.onWritten(output, 1);
        turn(5);
        batch.onWritten(output, 1);
        batch.onWritten(output("b"), 1);
        assertEquals(1, wakeUps);
        assertEquals(5 + DELAY_NS, batches.deadlineNs());
        turn(5 + DELAY_NS - 1);
        assertEquals(List.of(), handedOver);
        turn(5 + DELAY_NS);
        assertEquals(List.of("a", "b"), handedOver);
        assertEquals(Long.MAX_VALUE, batches.deadlineNs());
    }

    @Test
    void asManyWritesAsAllowedAreABatch() {
        LoopWork output = output("a");
        for (int i = 0; i < 3; i++) {
            batch.onWritten(output, 1);
        }
        turn(5);
        assertEquals(List.of(), handedOver);
        batch.onWritten(output, 1);
        turn(6);
        assertEquals(List.of("a"), handedOver);
        assertEquals(Long.MAX_VALUE, batches.deadlineNs());
    }

    @Test
    void asManyBytesAsAllowedAreABatch() {
        batch.onWritten(output("a"), 60);
        batch.onWritten(output("b"), 39);
        turn(5);
        assertEquals(List.of(), handedOver);
        batch.onWritten(output("c"), 1);
        turn(6);
        assertEquals(List.of("a", "b", "c"), handedOver);
    }

    @Test
    void aFlushHandsOverAndTheNextBatchIsCountedAnew() {
        batch.onWritten(output("a"), 99);
        turn(5);
        batch.flush();
        turn(6);
        assertEquals(List.of("a"), handedOver);
        batch.onWritten(output("b"), 99);
        turn(7);
        assertEquals(List.of("a"), handedOver);
        assertEquals(7 + DELAY_NS, batches.deadlineNs());
        batch.flush();
        batch.flush();
        turn(8);
        assertEquals(List.of("a", "b"), handedOver);
    }

    @Test
    void aFlushOfNothingWakesNobody() {
        batch.flush();
        assertEquals(0, wakeUps);
    }

    @Test
    void workThatDoesNotWaitTakesAlongWhatDoes() {
        LoopWork output = output("a");
        batch.onWritten(output, 1);
        turn(5);
        batch.submit(output);
        turn(6);
        assertEquals(List.of("a"), handedOver);
        batch.submit(output("urgent"));
        turn(7);
        assertEquals(List.of("a", "urgent"), handedOver);
    }

    @Test
    void batchesOfSeveralConnectionsLeaveWhenEachIsDue() {
        WriteBatch other = new WriteBatch(batches);
        batch.onWritten(output("a"), 1);
        turn(10);
        other.onWritten(output("b"), 1);
        turn(20);
        assertEquals(10 + DELAY_NS, batches.deadlineNs());
        batch.flush();
        turn(30);
        batch.onWritten(output("c"), 1);
        turn(40);
        assertEquals(20 + DELAY_NS, batches.deadlineNs());
        turn(20 + DELAY_NS);
        assertEquals(List.of("a", "b"), handedOver);
        turn(40 + DELAY_NS);
        assertEquals(List.of("a", "b", "c"), handedOver);
    }

    @Test
    void handlersThatWriteMuchHaveItSentBeforeTheTurnReadsOn() {
        batches = batches(0);
        batch = new WriteBatch(batches);
        inLoop = true;
        for (int i = 0; i < 3; i++) {
            batch.onWritten(output("a"), 1);
            assertFalse(batches.transmitsSoon());
        }
        batch.onWritten(output("a"), 1);
        assertTrue(batches.transmitsSoon());
        batches.onTransmit();
        batch.onWritten(output("a"), 99);
        assertFalse(batches.transmitsSoon());
        batch.onWritten(output("a"), 1);
        assertTrue(batches.transmitsSoon());
        batches.onTransmit();
        batch.flush();
        assertTrue(batches.transmitsSoon());
    }

    @Test
    void theEndOfTheDriverHandsOverWhatWaitsAndWhatComesLater() {
        batch.onWritten(output("a"), 1);
        turn(5);
        inLoop = true;
        mailbox.close(6);
        batches.end(6);
        assertEquals(List.of("a"), handedOver);
        batch.onWritten(output("b"), 1);
        inLoop = false;
        batch.onWritten(output("c"), 1);
        assertEquals(List.of("a", "b", "c"), handedOver);
    }
}
