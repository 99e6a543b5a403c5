package io.stoq.bench.baseline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Settings of one stack, by name. Reading a setting makes it known; {@link #requireKnown} then finds those that nobody
 * has asked for. Confined to one thread.
 */
public final class Tuning {

    private final Map<String, String> values;
    private final TreeSet<String> known = new TreeSet<>();

    private Tuning(Map<String, String> values) {
        this.values = values;
    }

    /** A stack's best. */
    public static Tuning none() {
        return new Tuning(Map.of());
    }

    /**
     * @param settings each {@code name=value}
     * @throws IllegalArgumentException where one is not
     */
    public static Tuning of(List<String> settings) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + setting + "' is no setting; write name=value");
            }
            values.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new Tuning(values);
    }

    String text(String name, String otherwise) {
        known.add(name);
        return values.getOrDefault(name, otherwise);
    }

    boolean flag(String name, boolean otherwise) {
        return switch (text(name, Boolean.toString(otherwise))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " is " + values.get(name) + "; give true or false");
        };
    }

    /** A whole number, which may end in {@code k} or {@code m} for 1,024 and 1,024². */
    int number(String name, int otherwise) {
        String text = text(name, Integer.toString(otherwise)).toLowerCase(Locale.ROOT);
        int shift = text.endsWith("k") ? 10 : text.endsWith("m") ? 20 : 0;
        try {
            return Math.multiplyExact(
                    Integer.parseInt(shift == 0 ? text : text.substring(0, text.length() - 1)), 1 << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + text + "; give a number such as 64, 256k or 4m", e);
        }
    }

    /** @throws IllegalArgumentException where a setting was given that was never read */
    void requireKnown(String stack) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(stack + " has no setting '" + name + "'; "
                        + (known.isEmpty() ? "it has none at all" : "choose among " + String.join(", ", known)));
            }
        }
    }
}
