package io.stoq.bench.cli;

import io.stoq.tls.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

/** PEM files for servers under test. */
record Certificates(Path certificate, Path key) {

    /** A certificate signed by itself for these names. */
    static Certificates of(Path folder, String... names) {
        return write(folder, Identity.selfSigned(names));
    }

    /** One for {@code ::1} whose time is over; the JDK's keytool makes it. */
    static Certificates expired(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("expired.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=expired",
                        "-ext",
                        "san=ip:::1",
                        "-startdate",
                        "-40d",
                        "-validity",
                        "10",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        return write(folder, Identity.ofKeyStore(keys, "server", "password".toCharArray()));
    }

    private static Certificates write(Path folder, Identity identity) {
        Certificates files = new Certificates(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        identity.writePem(files.certificate, files.key);
        return files;
    }
}
