package io.stoq.bench.compare;

/** Text that may stand in a page. */
public final class Html {

    private Html() {}

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** JSON that may stand within a script element: nothing in it can end the element. */
    public static String scriptData(String json) {
        return json.replace("<", "\\u003c");
    }
}
