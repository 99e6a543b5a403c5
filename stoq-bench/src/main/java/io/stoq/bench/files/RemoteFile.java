package io.stoq.bench.files;

import io.stoq.bench.net.HostPort;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A file on a server.
 *
 * @param target what to ask for: path and query, percent-encoded
 * @param name what to call it here: the last part of the path, decoded
 */
public record RemoteFile(HostPort server, String target, String name) {

    private static final int DEFAULT_PORT = 443;

    /** @throws IllegalArgumentException that says what is wrong with the URL */
    public static RemoteFile parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + url + "' is no URL (" + e.getReason() + "); give one such as https://[::1]:4433/path", e);
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())
                || uri.getRawAuthority() == null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'" + url + "' is no https URL; give one such as https://[::1]:4433/path");
        }
        HostPort server = HostPort.parse(uri.getRawAuthority(), DEFAULT_PORT);
        String path = URI.create(uri.toASCIIString()).getRawPath();
        String name = ServedFolder.decode(path.substring(path.lastIndexOf('/') + 1));
        if (name == null
                || name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || !name.matches("[^/\\p{Cntrl}]+")) {
            throw new IllegalArgumentException("'" + url + "' names no file; give one such as https://[::1]:4433/file");
        }
        String query = uri.getRawQuery();
        return new RemoteFile(server, query == null ? path : path + "?" + query, name);
    }
}
