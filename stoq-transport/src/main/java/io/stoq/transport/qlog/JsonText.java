package io.stoq.transport.qlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds records of a JSON text sequence in a reused array. Not thread-safe. RFC 7464 */
final class JsonText {

    private static final byte RECORD_SEPARATOR = 0x1e;
    private static final String HEX = "0123456789abcdef";

    private byte[] text = new byte[1 << 16];
    private int length;

    /** Whether the next member or element needs a comma before it. */
    private boolean follows;

    JsonText beginRecord() {
        put(RECORD_SEPARATOR);
        follows = false;
        return beginObject();
    }

    JsonText endRecord() {
        endObject();
        put('\n');
        return this;
    }

    /** An object as an element, or as the value of the key before it. */
    JsonText beginObject() {
        return open('{');
    }

    JsonText endObject() {
        return close('}');
    }

    JsonText beginArray() {
        return open('[');
    }

    JsonText endArray() {
        return close(']');
    }

    JsonText key(String name) {
        value(name);
        put(':');
        follows = false;
        return this;
    }

    JsonText value(String string) {
        comma();
        put('"');
        for (byte b : string.getBytes(StandardCharsets.UTF_8)) {
            escape(b);
        }
        put('"');
        return this;
    }

    JsonText value(long number) {
        comma();
        digits(number);
        return this;
    }

    JsonText value(boolean truth) {
        comma();
        ascii(truth ? "true" : "false");
        return this;
    }

    /** A time as milliseconds, to the microsecond. */
    JsonText milliseconds(long ns) {
        comma();
        long us = Math.max(0, ns) / 1000;
        digits(us / 1000);
        int fraction = (int) (us % 1000);
        put('.');
        put('0' + fraction / 100);
        put('0' + fraction / 10 % 10);
        put('0' + fraction % 10);
        return this;
    }

    JsonText member(String name, String value) {
        return key(name).value(value);
    }

    JsonText member(String name, long value) {
        return key(name).value(value);
    }

    /** Bytes since the last {@link #writeTo}. */
    int length() {
        return length;
    }

    /** Forgets what was not written. */
    void discard() {
        length = 0;
    }

    void writeTo(Trace trace) throws IOException {
        int ready = length;
        length = 0;
        trace.write(text, ready);
    }

    private JsonText open(char bracket) {
        comma();
        put(bracket);
        follows = false;
        return this;
    }

    private JsonText close(char bracket) {
        put(bracket);
        follows = true;
        return this;
    }

    private void comma() {
        if (follows) {
            put(',');
        }
        follows = true;
    }

    private void digits(long number) {
        ascii(Long.toString(number));
    }

    private void ascii(String string) {
        for (int i = 0; i < string.length(); i++) {
            put(string.charAt(i));
        }
    }

    private void escape(byte b) {
        if (b == '"' || b == '\\') {
            put('\\');
            put(b);
        } else if (b >= 0 && b < 0x20) {
            ascii("\\u00");
            put(HEX.charAt(b >>> 4));
            put(HEX.charAt(b & 15));
        } else {
            put(b);
        }
    }

    private void put(int b) {
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = (byte) b;
    }
}
