package io.stoq.bench.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart over time, as SVG: lines, horizontal marks, axes with units. */
final class Chart {

    static final int WIDTH = 960;
    private static final int LEFT = 58;
    private static final int RIGHT = 10;
    private static final int TOP = 8;
    private static final int PLOT_HEIGHT = 168;
    private static final int BOTTOM = 22;

    private final String unit;
    private final Scale time;
    private final double limit;
    private final List<Line> lines = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /** One point of a line; a value that is not a number makes a gap. */
    record Point(double seconds, double value) {}

    private record Line(String style, List<Point> points) {}

    private record Mark(String label, double value) {}

    /** @param limit nothing above it is shown */
    Chart(String unit, double seconds, double limit) {
        this.unit = unit;
        this.time = new Scale(seconds, Scale.upTo(seconds, 8).step());
        this.limit = limit;
    }

    void line(String style, List<Point> points) {
        lines.add(new Line(style, points));
    }

    /** A value to compare with. */
    void mark(String label, double value) {
        marks.add(new Mark(label, value));
    }

    String svg() {
        Scale values = Scale.upTo(Math.min(limit, largest()), 4);
        StringBuilder svg = open(TOP + PLOT_HEIGHT + BOTTOM);
        for (double tick : values.ticks()) {
            double y = y(values, tick);
            svg.append(format(
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                            LEFT, WIDTH - RIGHT, y, y))
                    .append(format(
                            "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>", LEFT - 8, y + 4, Scale.text(tick)));
        }
        timeAxis(svg, TOP + PLOT_HEIGHT);
        svg.append(format("<text class=\"unit\" x=\"%d\" y=\"%d\">%s</text>", LEFT + 4, TOP + 11, unit));
        svg.append(format(
                "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"%d %d %d %d\">",
                LEFT, TOP, WIDTH - LEFT - RIGHT, PLOT_HEIGHT, LEFT, TOP, WIDTH - LEFT - RIGHT, PLOT_HEIGHT));
        for (Line line : lines) {
            svg.append("<path class=\"line ")
                    .append(line.style)
                    .append("\" d=\"")
                    .append(path(values, line))
                    .append("\"/>");
        }
        for (Mark mark : marks) {
            double y = y(values, mark.value);
            svg.append(format(
                            "<line class=\"mark\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                            LEFT, WIDTH - RIGHT, y, y))
                    .append(format(
                            "<text class=\"mark\" x=\"%d\" y=\"%.1f\">%s</text>",
                            WIDTH - RIGHT - 4, y - 4, mark.label));
        }
        return svg.append("</svg></svg>").toString();
    }

    /** A band of colours: what happened from when until when. */
    static String band(double seconds, List<Stretch> stretches) {
        Scale time = new Scale(seconds, Scale.upTo(seconds, 8).step());
        StringBuilder svg = open(22);
        for (Stretch stretch : stretches) {
            double from = x(time, stretch.fromSeconds);
            double until = x(time, stretch.untilSeconds);
            svg.append(format(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"2\" width=\"%.2f\" height=\"18\"><title>%s, %s s to %s s</title></rect>",
                    stretch.style,
                    from,
                    Math.max(0.4, until - from),
                    stretch.label,
                    Scale.text(stretch.fromSeconds),
                    Scale.text(stretch.untilSeconds)));
        }
        return svg.append("</svg>").toString();
    }

    /** A part of a band. */
    record Stretch(String label, String style, double fromSeconds, double untilSeconds) {}

    private static StringBuilder open(int height) {
        return new StringBuilder(
                format("<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">", WIDTH, height));
    }

    private void timeAxis(StringBuilder svg, int y) {
        for (double tick : time.ticks()) {
            boolean last = tick > time.max() - time.step() / 2;
            svg.append(format(
                    "<text class=\"x%s\" x=\"%.1f\" y=\"%d\">%s%s</text>",
                    last ? " end" : "", x(time, tick), y + 16, Scale.text(tick), last ? " s" : ""));
        }
    }

    private double largest() {
        double largest = 0;
        for (Line line : lines) {
            for (Point point : line.points) {
                largest = Double.isNaN(point.value) ? largest : Math.max(largest, point.value);
            }
        }
        for (Mark mark : marks) {
            largest = Math.max(largest, mark.value * 1.05);
        }
        return largest;
    }

    private String path(Scale values, Line line) {
        StringBuilder path = new StringBuilder();
        boolean down = false;
        for (Point point : line.points) {
            if (Double.isNaN(point.value)) {
                down = false;
                continue;
            }
            // Far outside is outside; renderers do not like large numbers.
            double y = y(values, Math.min(point.value, values.max() * 1.2));
            path.append(format("%s%.1f %.1f", down ? "L" : "M", x(time, point.seconds), y));
            down = true;
        }
        return path.toString();
    }

    private static double x(Scale time, double seconds) {
        return LEFT + seconds / time.max() * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Scale values, double value) {
        return TOP + PLOT_HEIGHT * (1 - value / values.max());
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
