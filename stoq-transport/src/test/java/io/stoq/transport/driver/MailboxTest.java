package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MailboxTest {

    private final Mailbox mailbox = new Mailbox();
    private final List<Integer> done = new ArrayList<>();

    private LoopWork noting(int number) {
        return new LoopWork() {
            @Override
            void run(long nowNs) {
                done.add(number);
            }
        };
    }

    @Test
    void workRunsOnceInTheOrderInWhichItCame() {
        LoopWork first = noting(1);
        assertEquals(Mailbox.Put.FIRST, mailbox.put(first));
        assertEquals(Mailbox.Put.BEHIND, mailbox.put(noting(2)));
        assertEquals(Mailbox.Put.ALREADY, mailbox.put(first));
        assertEquals(Mailbox.Put.BEHIND, mailbox.put(noting(3)));
        mailbox.drain(0);
        assertEquals(List.of(1, 2, 3), done);
        assertTrue(mailbox.isEmpty());
        assertEquals(Mailbox.Put.FIRST, mailbox.put(first));
        mailbox.drain(0);
        assertEquals(List.of(1, 2, 3, 1), done);
    }

    @Test
    void workThatAsksForItselfRunsInTheNextRound() {
        AtomicInteger runs = new AtomicInteger();
        mailbox.put(new LoopWork() {
            @Override
            void run(long nowNs) {
                runs.incrementAndGet();
                mailbox.put(this);
            }
        });
        mailbox.drain(0);
        assertEquals(1, runs.get());
        mailbox.drain(0);
        assertEquals(2, runs.get());
    }

    @Test
    void aClosedBoxRunsWhatIsInItAndRefusesTheRest() {
        mailbox.put(noting(1));
        assertFalse(mailbox.closeIfEmpty());
        mailbox.close(0);
        assertEquals(List.of(1), done);
        assertTrue(mailbox.isClosed());
        assertEquals(Mailbox.Put.REFUSED, mailbox.put(noting(2)));
        mailbox.drain(0);
        mailbox.close(0);
        assertEquals(List.of(1), done);
    }

    @Test
    void threadsThatPutAtTheSameTimeLoseNothing() throws InterruptedException {
        int threads = 4;
        int rounds = 20_000;
        int[] wanted = new int[threads];
        int[] seen = new int[threads];
        int[] lastOf = new int[threads];
        AtomicInteger ended = new AtomicInteger();
        List<Thread> putting = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int me = t;
            putting.add(Thread.ofPlatform().start(() -> {
                for (int i = 1; i <= rounds; i++) {
                    int number = i;
                    wanted[me]++;
                    mailbox.put(new LoopWork() {
                        @Override
                        void run(long nowNs) {
                            assertEquals(lastOf[me] + 1, number, "out of order");
                            lastOf[me] = number;
                            seen[me]++;
                        }
                    });
                }
                ended.incrementAndGet();
            }));
        }
        while (ended.get() < threads) {
            mailbox.drain(0);
        }
        mailbox.drain(0);
        for (Thread thread : putting) {
            thread.join();
        }
        for (int t = 0; t < threads; t++) {
            assertEquals(wanted[t], seen[t]);
        }
    }
}
