package io.stoq.protection.ipsecmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class KeyMemoryTest {

    private final KeyMemory memory = new KeyMemory();

    private static boolean isZero(MemorySegment memory) {
        return MemorySegment.ofArray(new byte[GcmSlot.BYTES]).mismatch(memory) < 0;
    }

    @Test
    void slotsAreAlignedApartAndZero() {
        Set<Long> addresses = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            GcmSlot slot = memory.take().slot();
            assertEquals(0, slot.key % GcmSlot.ALIGNMENT_BYTES);
            assertTrue(isZero(slot.memory));
            slot.memory.fill((byte) 1);
            assertTrue(addresses.add(slot.key));
        }
        addresses.forEach(address -> assertTrue(addresses.stream()
                .noneMatch(other -> !other.equals(address) && Math.abs(other - address) < GcmSlot.BYTES)));
    }

    @Test
    void anEndedLeaseLeavesNothingAndItsSlotServesAgain() {
        KeyMemory.Lease lease = memory.take();
        GcmSlot slot = lease.slot();
        slot.memory.fill((byte) 0x77);
        lease.end();
        assertTrue(isZero(slot.memory));
        assertEquals(slot.key, memory.take().slot().key);
    }

    @Test
    void endingTwiceDoesNotTakeTheSlotFromItsNextUser() {
        KeyMemory.Lease first = memory.take();
        first.end();
        KeyMemory.Lease second = memory.take();
        second.slot().memory.fill((byte) 1);
        first.end();
        assertEquals(1, second.slot().memory.get(ValueLayout.JAVA_BYTE, 0));
        assertTrue(memory.take().slot().key != second.slot().key);
    }

    @Test
    void whatABurstOfConnectionsTookIsNotKept() {
        List<KeyMemory.Lease> burst = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            burst.add(memory.take());
        }
        Collections.shuffle(burst, new Random(1));
        burst.forEach(KeyMemory.Lease::end);
        assertEquals(1, memory.slabsWithRoom());
    }

    @Test
    void threadsNeverShareASlot() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                done.add(threads.submit(() -> takeAndEnd(seed)));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
    }

    private void takeAndEnd(int seed) {
        Random random = new Random(seed);
        List<KeyMemory.Lease> mine = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (mine.size() < 100 && random.nextInt(5) > 1 || mine.isEmpty()) {
                KeyMemory.Lease lease = memory.take();
                lease.slot().memory.set(ValueLayout.JAVA_INT, 0, seed * 1_000_000 + i + 1);
                lease.slot().memory.set(ValueLayout.JAVA_INT, 4, seed * 1_000_000 + i + 1);
                mine.add(lease);
            } else {
                KeyMemory.Lease lease = mine.remove(random.nextInt(mine.size()));
                MemorySegment slot = lease.slot().memory;
                int mark = slot.get(ValueLayout.JAVA_INT, 0);
                assertEquals(seed, mark / 1_000_000);
                assertEquals(mark, slot.get(ValueLayout.JAVA_INT, 4));
                lease.end();
            }
        }
        mine.forEach(KeyMemory.Lease::end);
    }
}
