package io.stoq.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of a bar chart: a drawing that stretches to the width that there is, 100 units long whatever the scale is.
 *
 * @param max the value at the right end
 */
public record Track(double max) {

    private static final double HEIGHT = 20;
    private static final int MAX_INTERVALS = 4;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** A scale from 0 to a round number that is not below any of the values. */
    public static Track upTo(double largest) {
        double step = step(largest);
        return new Track(largest <= 0 ? 1 : Math.ceil(largest / step - 1e-9) * step);
    }

    /** Round values between 0 and the right end, both included. */
    public List<Double> ticks() {
        double step = step(max);
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= max * (1 + 1e-9); i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A bar from 0 to the median, and a whisker from the least to the largest. */
    public String bar(String kind, Spread spread) {
        return svg(rectangle("bar " + kind, 0, spread.median()) + whisker(spread));
    }

    /** Two bars, one behind the other. */
    public String bars(String kind, double first, double second) {
        return svg(rectangle("bar " + kind, 0, first) + rectangle("bar second " + kind, first, first + second));
    }

    /** A line at 1, a whisker, and a mark at the median. */
    public String ratio(String kind, Spread spread) {
        double half = max / 160;
        return svg(line("one", 1, 0, HEIGHT)
                + whisker(spread)
                + rectangle("bar " + kind, Math.max(0, spread.median() - half), spread.median() + half));
    }

    /** Where a value lies, in percent of the length. */
    public String percent(double value) {
        return number(100 * value / max);
    }

    private String svg(String content) {
        StringBuilder grid = new StringBuilder();
        ticks().forEach(tick -> grid.append(line("grid", tick, -4, HEIGHT + 4)));
        return "<svg viewBox=\"0 0 100 " + number(HEIGHT) + "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                + grid + content + "</svg>";
    }

    private String rectangle(String kind, double from, double to) {
        return "<rect class=\"" + kind + "\" x=\"" + percent(from) + "\" y=\"3\" width=\"" + percent(to - from)
                + "\" height=\"" + number(HEIGHT - 6) + "\"/>";
    }

    private String whisker(Spread spread) {
        String min = percent(spread.min());
        String max = percent(spread.max());
        return "<path class=\"whisker\" d=\"M" + min + " 6V14M" + min + " 10H" + max + "M" + max + " 6V14\"/>";
    }

    private String line(String kind, double at, double from, double to) {
        return "<line class=\"" + kind + "\" x1=\"" + percent(at) + "\" x2=\"" + percent(at) + "\" y1=\"" + number(from)
                + "\" y2=\"" + number(to) + "\"/>";
    }

    private static double step(double largest) {
        if (largest <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(largest / MAX_INTERVALS)));
        for (double step : STEPS) {
            if (largest / (step * power) <= MAX_INTERVALS + 1e-9) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
