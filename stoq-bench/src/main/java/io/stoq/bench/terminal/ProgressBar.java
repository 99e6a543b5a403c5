package io.stoq.bench.terminal;

/** Draws how much is done, as text. */
public final class ProgressBar {

    private static final char[] EIGHTHS = {' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'};

    private ProgressBar() {}

    /**
     * @param fraction 0 to 1; what lies outside is drawn as the nearer end
     * @param cells width on the screen
     * @param unicode whether eighths of a cell may be drawn
     */
    public static String of(double fraction, int cells, boolean unicode) {
        double bounded = Math.max(0, Math.min(1, fraction));
        if (!unicode) {
            int full = (int) Math.round(bounded * cells);
            return "[" + "#".repeat(full) + "-".repeat(cells - full) + "]";
        }
        int eighths = (int) Math.round(bounded * cells * 8);
        StringBuilder bar = new StringBuilder("▕").repeat("█", eighths / 8);
        if (eighths % 8 != 0) {
            bar.append(EIGHTHS[eighths % 8]);
        }
        return bar.repeat(" ", cells - (eighths + 7) / 8).append('▏').toString();
    }

    /** For work whose end is not known: a block that wanders as {@code step} grows. */
    public static String wandering(long step, int cells, boolean unicode) {
        int block = Math.max(1, cells / 6);
        int ways = cells - block;
        int at = (int) (step % (2L * ways));
        int left = at < ways ? at : 2 * ways - at;
        String full = unicode ? "█" : "#";
        String empty = unicode ? " " : "-";
        return (unicode ? "▕" : "[")
                + empty.repeat(left)
                + full.repeat(block)
                + empty.repeat(ways - left)
                + (unicode ? "▏" : "]");
    }
}
