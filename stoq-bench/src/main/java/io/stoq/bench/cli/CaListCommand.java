package io.stoq.bench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stoq.trustchain.IssuanceLog;
import io.stoq.trustchain.LoggedCertificate;
import io.stoq.trustchain.Revocation;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what was certified. */
@Command(
        name = "list",
        description = "Lists the certificates in the log, oldest first. Needs no password.",
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaListCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Option(names = "--valid", description = "Only those that are neither expired nor revoked.")
    private boolean validOnly;

    @Option(names = "--json", description = "Print an array with one JSON object for each certificate.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Instant now = Instant.now();
        List<LoggedCertificate> certificates = IssuanceLog.read(ca.folder()).certificates().stream()
                .filter(certificate -> !validOnly || certificate.state(now) == LoggedCertificate.State.VALID)
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode array = JSON.createArrayNode();
            certificates.forEach(certificate -> array.add(object(certificate, now)));
            out.println(array);
        } else {
            certificates.forEach(certificate -> out.printf(
                    "%-40s  %-7s  until %s  %s%n",
                    serial(certificate),
                    state(certificate, now),
                    certificate.certificate().getNotAfter().toInstant(),
                    String.join(" ", certificate.names())));
        }
        out.flush();
        return 0;
    }

    private static ObjectNode object(LoggedCertificate certificate, Instant now) {
        ObjectNode object = JSON.createObjectNode()
                .put("entry", certificate.index())
                .put("serial", serial(certificate))
                .put("state", state(certificate, now))
                .put(
                        "from",
                        certificate.certificate().getNotBefore().toInstant().toString())
                .put(
                        "until",
                        certificate.certificate().getNotAfter().toInstant().toString());
        ArrayNode names = object.putArray("names");
        certificate.names().forEach(names::add);
        certificate.revocation().ifPresent(revocation -> put(object, revocation));
        return object;
    }

    private static void put(ObjectNode object, Revocation revocation) {
        object.put("revoked", revocation.at().toString());
        object.put("reason", revocation.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static String serial(LoggedCertificate certificate) {
        return certificate.certificate().getSerialNumber().toString(16);
    }

    private static String state(LoggedCertificate certificate, Instant now) {
        return certificate.state(now).name().toLowerCase(Locale.ROOT);
    }
}
