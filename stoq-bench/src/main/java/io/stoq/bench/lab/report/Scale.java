package io.stoq.bench.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis from 0 to a round number.
 *
 * @param max the value at its end
 * @param step between two ticks
 */
record Scale(double max, double step) {

    private static final double[] STEPS = {1, 2, 2.5, 5, 10};

    /** Reaches the largest value, with so many ticks at most. */
    static Scale upTo(double largest, int ticks) {
        double reach = largest > 0 ? largest : 1;
        double power = Math.pow(10, Math.floor(Math.log10(reach / ticks)));
        double step = 10 * power;
        for (double candidate : STEPS) {
            if (reach / (candidate * power) <= ticks + 1e-9) {
                step = candidate * power;
                break;
            }
        }
        return new Scale(Math.ceil(reach / step - 1e-9) * step, step);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= max * (1 + 1e-9); i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A tick's number without needless zeros. */
    static String text(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
