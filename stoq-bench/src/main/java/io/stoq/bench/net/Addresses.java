package io.stoq.bench.net;

import java.net.InetSocketAddress;

/** Socket addresses as people write them. */
public final class Addresses {

    private Addresses() {}

    /** {@code [::1]:4433}, the longest run of zeros left out. RFC 5952. */
    public static String format(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        String zone = "";
        int percent = host.indexOf('%');
        if (percent >= 0) {
            zone = host.substring(percent);
            host = host.substring(0, percent);
        }
        return "[" + shorten(host) + zone + "]:" + address.getPort();
    }

    private static String shorten(String host) {
        String longest = "";
        for (String run : host.split("[1-9a-f][0-9a-f]*")) {
            if (run.length() > longest.length()) {
                longest = run;
            }
        }
        // One zero field alone stays as it is.
        return longest.chars().filter(c -> c == '0').count() < 2
                ? host
                : host.replaceFirst(longest, "::").replace(":::", "::");
    }
}
