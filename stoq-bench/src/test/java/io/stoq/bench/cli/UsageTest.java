package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "perf --payload 100               | --payload is 100; give a number within 1200..65487",
                "perf --payload 65488             | --payload is 65488; give a number within 1200..65487",
                "perf --payload many              | --payload: 'many' is no whole number",
                "perf --seconds 0                 | --seconds is 0; give a number within 1..86400",
                "perf --streams 1001              | --streams is 1001; give a number within 1..1000",
                "perf --connections 0             | --connections is 0; give a number within 1..10000",
                "perf --warmup -1                 | --warmup is -1; give a number within 0..3600",
                "perf --port 65536                | --port is 65536; give a number within 0..65535",
                "perf --io kqueue                 | --io: unknown way 'kqueue'; choose auto, epoll, io_uring or nio",
                "perf --cc bbr9                   | --cc: unknown congestion control 'bbr9'; choose newreno, cubic, bbr2",
                "perf --aead openssl              | --aead: unknown AEAD 'openssl'; choose one of auto, ipsec-mb, jca",
                "perf --aead ipsec-mb --provider BC | --provider chooses among jca's; leave it or --aead ipsec-mb out",
                "perf --direction left            | --direction: unknown direction 'left'; choose up or down",
                "perf client 127.0.0.1:4433       | '127.0.0.1' is an IPv4 address, and STOQ is IPv6 only",
                "perf client [::ffff:1.2.3.4]:44  | '::ffff:1.2.3.4' is an IPv4 address, and STOQ is IPv6 only",
                "perf client [::1]                | '[::1]' names no port; add one within 1..65535",
                "perf client                      | Missing required parameter: 'HOST:PORT'",
                "serve                            | Missing required parameter: 'DIR'",
                "serve . --listen 0.0.0.0         | --listen: '0.0.0.0' is an IPv4 address, and STOQ is IPv6 only",
                "serve . --cert cert.pem          | --key",
                "get ftp://[::1]/x                | 'ftp://[::1]/x' is no https URL",
                "get https://[::1]/x https://[::2]/x | two URLs would both become ./x",
                "get https://[::1]/x --insecure --trust ca.pem | mutually exclusive",
                "get https://[::1]/x --cert node.pem | --key",
                "ca                               | a command is missing; give init or issue",
                "ca issue a.example               | Missing required option: '--out=DIR'",
                "ca renew                         | give either the folder of a node or --issuing",
                "ca init --algorithm rsa          | --algorithm",
                "compare --stacks stoq,quiche     | --stacks: unknown stack 'quiche'; choose among stoq, netty-quic, tls-tcp,",
                "compare --stacks stoq,stoq       | --stacks names something twice; name each once",
                "compare --payloads 1452,99999    | --payloads is 99999; give a number within 1200..65487",
                "compare --payloads 1452,many     | --payloads: 'many' is no whole number",
                "compare --payloads 1452,1452     | --payloads names something twice; name each once",
                "compare --rounds 0               | --rounds is 0; give a number within 1..1000",
                "compare --streams 2              | --streams is 2; stacks are compared with one stream a connection",
                "compare --io kqueue              | --io: unknown way 'kqueue'; choose auto, epoll, io_uring or nio",
                "compare --aead openssl           | --aead: unknown AEAD 'openssl'; choose one of auto, ipsec-mb, jca",
                "compare --tune gso=1             | --tune 'gso=1' names no stack that can be tuned and is measured",
                "compare --tune stoq.gso=1        | --tune 'stoq.gso=1' names no stack that can be tuned and is measured",
                "compare --tune netty-quic.gs0=1  | netty-quic has no setting 'gs0'; choose among ack-delay, buffers",
                "compare --tune ceiling.window    | 'window' is no setting; write name=value",
                "baseline quiche                  | unknown stack 'quiche'; choose netty-quic, tls-tcp, ceiling, ceiling-jca",
                "perf --message 0                 | --message is 0; give a number within 1..65536",
                "perf --message-kind echo         | --message-kind needs --message BYTES",
                "perf --rate 10                   | --rate needs --message BYTES and --message-kind echo",
                "perf --message 64 --rate 10      | --rate is for echoes",
                "perf --message 64 --message-kind mail | unknown kind 'mail'; choose stream, datagram, echo",
                "perf --message 4 --message-kind echo | an echo carries the time at which it was due and needs 8 bytes",
                "perf --message 64 --direction down | --direction is for bulk data and does not go with --message",
                "perf handshakes --concurrency 0  | --concurrency is 0; give a number within 1..10000",
                "perf handshakes --seconds 0      | --seconds is 0; give a number within 1..86400",
                "lab                              | a command is missing; give",
                "lab relay --to [::1]:1           | Missing required option: '--listen=ADDRESS'",
                "lab relay --listen [::1]:1       | Missing required option: '--to=ADDRESS'",
                "lab relay --listen [::1]:1 --to [::1] | --to: '[::1]' names no port; add one within 1..65535",
                "lab relay --listen 127.0.0.1:1 --to [::1]:1 | --listen: '127.0.0.1' is an IPv4 address, and STOQ is IPv6",
                "lab relay --listen [::1]:1 --listen [::1]:2 --to [::1]:3 | --listen is given 2 times and --to 1 times",
                "lab relay --listen [::1]:1 --to [::1]:2 --rate fast | --rate: 'fast' is no rate; give one of 1bit to",
                "lab relay --listen [::1]:1 --to [::1]:2 --delay 20 | --delay: '20' is no time; give one up to 3600s, as in",
                "lab relay --listen [::1]:1 --to [::1]:2 --loss 101% | --loss: '101%' is no share; give one of 0% to 100%",
                "lab relay --listen [::1]:1 --to [::1]:2 --queue 1 | --queue: '1' is no length of a queue; give one such as",
                "lab relay --listen [::1]:1 --to [::1]:2 --ecn-mark-above 5kb | --ecn-mark-above needs a queue, and that",
                "lab relay --listen [::1]:1 --to [::1]:2 --max-clients 0 | --max-clients is 0; give a number within 1..1024",
                "lab relay --listen [::1]:1 --to [::1]:2 --rebind-after soon | --rebind-after: 'soon' is no time",
                "lab real --scenario moon         | --scenario: unknown scenario 'moon'; choose all, lossy, deep-buffer",
                "lab real --stacks quiche-bbr     | --stacks: unknown stack 'quiche-bbr'; choose among stoq-newreno,",
                "lab real --report /nowhere/x.html | --report /nowhere/x.html cannot be written",
                "pref                             | unknown here: 'pref'",
                "perf --secnods=1                 | Unknown option: '--secnods=1'"
            })
    void whatIsWrongWithTheCommandLineIsSaidInOneSentence(String arguments, String sentence) throws Exception {
        Session session = Session.run(arguments.split(" "));
        assertEquals(2, session.exit());
        assertTrue(session.err().startsWith("stoq: "), session.err());
        assertTrue(session.err().contains(sentence), session.err());
        assertFalse(session.err().contains("\tat "), session.err());
        assertEquals("", session.out());
    }

    @Test
    void withoutACommandTheCommandsAreNamed() throws Exception {
        Session session = Session.run();
        assertEquals(2, session.exit());
        assertTrue(session.err().contains("give perf, compare, lab, ca, serve or get"), session.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "perf --help",
                "perf server --help",
                "perf client -h",
                "compare --help",
                "lab --help",
                "lab relay --help",
                "lab real --help",
                "serve --help",
                "ca --help",
                "ca issue --help",
                "get --help"
            })
    void helpIsPrinted(String arguments) throws Exception {
        Session session = Session.run(arguments.split(" "));
        assertEquals(0, session.exit());
        assertTrue(session.out().contains("Usage: stoq"), session.out());
    }

    @Test
    void theVersionNamesTheJava() throws Exception {
        Session session = Session.run("--version");
        assertEquals(0, session.exit());
        assertTrue(session.out().contains("Java " + Runtime.version()), session.out());
    }
}
