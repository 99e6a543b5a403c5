package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.stoq.sim.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamTableTest {

    @Test
    void addingAndRemovingMatchesAModel() {
        Streams owner = Side.client().streams;
        Seeds.each(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            StreamTable table = new StreamTable();
            Map<Long, Stream> model = new HashMap<>();
            int ids = 1 + random.nextInt(2000);
            for (int step = 0; step < 5000; step++) {
                long id = random.nextInt(ids);
                Stream known = model.get(id);
                assertSame(known, table.find(id));
                if (known == null) {
                    Stream stream = new Stream(owner, id, 0, null, false);
                    table.add(stream);
                    model.put(id, stream);
                } else {
                    table.remove(known);
                    model.remove(id);
                }
            }
            assertEquals(model.size(), table.size());
            assertEquals(new HashSet<>(model.values()), Set.copyOf(List.of(table.all())));
            model.values().forEach(table::remove);
            assertEquals(0, table.size());
            assertNull(table.find(0));
        });
    }
}
