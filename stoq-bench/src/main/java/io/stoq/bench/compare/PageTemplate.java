package io.stoq.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page that all reports have in common; it loads nothing. */
public final class PageTemplate {

    private PageTemplate() {}

    /**
     * Replaces each <code>${name}</code> of the template once.
     *
     * @param values {@code title}, {@code subtitle}, {@code verdicts}, {@code sections}, {@code method} and {@code data};
     *     they may hold anything
     */
    public static String fill(Map<String, String> values) {
        return fill(template(), values);
    }

    /** Replaces each <code>${name}</code> of another template once; the values may hold anything. */
    public static String fill(String template, Map<String, String> values) {
        StringBuilder page = new StringBuilder();
        int from = 0;
        for (int at = template.indexOf("${"); at >= 0; at = template.indexOf("${", from)) {
            int end = template.indexOf('}', at);
            page.append(template, from, at).append(values.get(template.substring(at + 2, end)));
            from = end + 1;
        }
        return page.append(template, from, template.length()).toString();
    }

    private static String template() {
        try (InputStream in = PageTemplate.class.getResourceAsStream("report.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
