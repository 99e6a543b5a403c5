import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fetches a URL into a file, for machines that have neither curl nor wget: {@code java Download.java URL FILE}. */
class Download {
    public static void main(String[] arguments) {
        try (InputStream in = URI.create(arguments[0]).toURL().openStream()) {
            Files.copy(in, Path.of(arguments[1]));
        } catch (IOException e) {
            System.err.println("download: " + e);
            System.exit(1);
        }
    }
}
