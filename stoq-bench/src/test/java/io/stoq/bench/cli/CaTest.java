package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stoq ca} in one process, with the files that go wrong; the guide's test has those that go right. */
class CaTest {

    @TempDir
    Path folder;

    private Path password;

    @BeforeEach
    void authority() throws Exception {
        password = Files.writeString(folder.resolve("password"), "correct horse\n");
        assertEquals(
                "",
                done("init", "--name", "Test", "--permit", "example", "--permit", "::1/128")
                        .err());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** With {@code @} for the folder before the names of files. */
    private Session ca(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("ca"));
        Arrays.stream(arguments).map(word -> word.replace("@", folder + "/")).forEach(all::add);
        String command = arguments[0];
        if (!command.equals("check")) {
            all.addAll(List.of("--ca", path("ca")));
        }
        boolean asks = !List.of("check", "list", "audit").contains(command);
        if (asks && !all.contains("--password-file")) {
            all.addAll(List.of("--password-file", password.toString()));
        }
        return Session.run(all.toArray(String[]::new));
    }

    private Session done(String... arguments) throws Exception {
        Session session = ca(arguments);
        assertEquals(0, session.exit(), session::err);
        return session;
    }

    private void assertFails(int exit, List<String> words, String... arguments) throws Exception {
        Session session = ca(arguments);
        assertEquals(exit, session.exit(), session::err);
        assertTrue(session.err().startsWith("stoq: "), session::err);
        assertEquals(1, session.err().lines().count(), session::err);
        for (String word : words) {
            assertTrue(session.err().contains(word), session::err);
        }
    }

    private Path half(String name) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve(name));
        return Files.write(folder.resolve("half.pem"), Arrays.copyOf(whole, whole.length / 2));
    }

    @Test
    void listAndAuditSpeakJson() throws Exception {
        done("issue", "a.example", "::1", "--out", "@a");
        done("issue", "b.example", "--out", "@b");
        JsonNode list = new ObjectMapper().readTree(done("list", "--json").out());
        assertEquals(2, list.size());
        assertEquals("a.example", list.get(0).get("names").get(0).asText());
        assertEquals("valid", list.get(0).get("state").asText());
        String serial = list.get(1).get("serial").asText();
        assertEquals(40, serial.length());
        done("revoke", serial, "--reason", "superseded");
        list = new ObjectMapper().readTree(done("list", "--json").out());
        assertEquals("revoked", list.get(1).get("state").asText());
        assertEquals("superseded", list.get(1).get("reason").asText());
        assertEquals(
                1,
                new ObjectMapper()
                        .readTree(done("list", "--json", "--valid").out())
                        .size());
        JsonNode audit = new ObjectMapper()
                .readTree(
                        done("audit", "--json", "--certificate", "@a/cert.pem").out());
        assertEquals(3, audit.get("entries").asInt());
        assertEquals(0, audit.get("inclusion").get("entry").asInt());
        assertEquals(0, audit.get("findings").size());
        assertEquals(audit.get("root").asText(), audit.get("head").get("root").asText());
    }

    @Test
    void theIssuingAuthorityIsRenewed() throws Exception {
        done("issue", "a.example", "--out", "@a");
        Session session = done("renew", "--issuing", "--lifetime", "400d");
        assertTrue(session.out().contains("issuing.pem renewed"), session::out);
        done("renew", "@a");
        done("check", "@a/cert.pem", "--key", "@a/key.pem", "--trust", "@ca/root.pem", "--crl", "@ca/crl.pem");
    }

    @Test
    void whatIsWrongIsSaidInOneLineWithTheFile() throws Exception {
        done("issue", "a.example", "::1", "--out", "@a");
        done("issue", "b.example", "--out", "@b");
        Path wrong = Files.writeString(folder.resolve("wrong"), "battery staple");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        String half = half("a/cert.pem").toString();

        assertFails(2, List.of("ca has an authority already"), "init");
        assertFails(
                2, List.of("issuing.key", "password"), "issue", "c.example", "-o", "@c", "--password-file", "@wrong");
        assertFails(2, List.of("password is empty"), "issue", "c.example", "-o", "@c", "--password-file", "@empty");
        assertFails(
                2, List.of("missing cannot be read"), "issue", "c.example", "-o", "@c", "--password-file", "@missing");
        assertFails(2, List.of("is a folder"), "issue", "c.example", "-o", "@c", "--password-file", "@ca");
        assertFails(2, List.of("c.org", "may not certify", "example"), "issue", "c.org", "-o", "@c");
        assertFails(2, List.of("192.0.2.1", "IPv6 only"), "issue", "192.0.2.1", "-o", "@c");
        assertFails(2, List.of("a/key.pem exists", "renew"), "issue", "a.example", "-o", "@a");
        assertFails(2, List.of("is a folder"), "issue", "--csr", "@a", "-o", "@c");
        assertFails(2, List.of("a/cert.pem has no certificate request"), "issue", "--csr", "@a/cert.pem", "-o", "@c");
        assertFails(2, List.of("c/cert.pem does not exist"), "renew", "@c");
        assertFails(2, List.of("half.pem has a broken PEM block"), "revoke", half);
        assertFails(2, List.of("ca/root.pem", "was not issued by"), "revoke", "@ca/root.pem");
        assertFails(2, List.of("no certificate with the serial number"), "revoke", "0123456789abcdef0123456789abcdef");
        assertFails(2, List.of("half.pem"), "audit", "--since", half);
        assertFails(
                2,
                List.of("a/cert.pem", "b/key.pem", "does not belong"),
                "check",
                "@a/cert.pem",
                "--key",
                "@b/key.pem",
                "--trust",
                "@ca/root.pem");
        assertFails(
                1,
                List.of("a/cert.pem", "wrong name"),
                "check",
                "@a/cert.pem",
                "--trust",
                "@ca/root.pem",
                "--name",
                "b.example");
        done("revoke", "@b/cert.pem");
        assertFails(
                1,
                List.of("b/cert.pem", "was revoked"),
                "check",
                "@b/cert.pem",
                "--trust",
                "@ca/root.pem",
                "--crl",
                "@ca/crl.pem");
        assertFails(2, List.of("b/cert.pem", "was revoked"), "renew", "@b");
        Files.copy(folder.resolve("a/key.pem"), folder.resolve("b/key.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertFails(2, List.of("b/cert.pem", "b/key.pem", "does not belong"), "renew", "@b");
        assertFalse(Files.exists(folder.resolve("c")));
        assertEquals("battery staple", Files.readString(wrong));
        assertEquals("\n", Files.readString(empty));
    }

    @Test
    void anAuditThatFindsSomethingFails() throws Exception {
        done("issue", "a.example", "--out", "@a");
        done("audit", "--save", "@head");
        done("issue", "b.example", "--out", "@b");
        byte[] log = Files.readAllBytes(folder.resolve("ca/issued.log"));
        Files.write(folder.resolve("ca/issued.log"), Arrays.copyOf(log, 8));
        Session session = ca("audit", "--since", "@head");
        assertEquals(1, session.exit(), session::err);
        assertTrue(session.out().contains("WRONG: the log had 1 entries"), session::out);
        assertTrue(session.out().contains("does not begin with the 2"), session::out);
    }

    @Test
    void withoutACommandTheCommandsAreNamed() throws Exception {
        Session session = Session.run("ca");
        assertEquals(2, session.exit());
        assertTrue(session.err().contains("init or issue or renew or revoke or list or check or audit"), session::err);
        session = ca("issue", "--out", "@c");
        assertEquals(2, session.exit());
        assertTrue(session.err().contains("no name"), session::err);
        session = ca("issue", "a.example", "--out", "@c", "--lifetime", "1w");
        assertEquals(2, session.exit());
        assertTrue(session.err().contains("--lifetime: '1w' is no lifetime"), session::err);
    }
}
