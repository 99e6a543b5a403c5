package io.stoq.bench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stoq.trustchain.Audit;
import io.stoq.trustchain.AuditReport;
import io.stoq.trustchain.CertificateFile;
import io.stoq.trustchain.InclusionProof;
import io.stoq.trustchain.SignedTreeHead;
import io.stoq.trustchain.TrustChainException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks over an authority's shoulder. */
@Command(
        name = "audit",
        description = {
            "Checks the log: that it is what was signed, that it continues what was seen before, and each certificate.",
            "Needs no password. Exits with 1 where something is wrong."
        },
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaAuditCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Option(
            names = "--since",
            paramLabel = "FILE",
            description = "A head that was saved before: prove that the log continues it.")
    private Path since;

    @Option(names = "--save", paramLabel = "FILE", description = "Keep the newest signed head, for the next --since.")
    private Path save;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "Prove that this certificate is in the log, PEM.")
    private Path certificate;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Audit audit = Audit.of(ca.folder());
        AuditReport report = since == null ? audit.run() : audit.run(savedHead());
        List<String> findings = new ArrayList<>(report.findings());
        InclusionProof proof = certificate == null ? null : prove(audit, findings);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(object(report, findings, proof));
        } else {
            print(out, report, findings, proof);
        }
        out.flush();
        if (save != null && findings.isEmpty()) {
            Files.writeString(save, report.head().text());
        }
        return findings.isEmpty() ? 0 : Stoq.FAILED;
    }

    private SignedTreeHead savedHead() throws IOException, TrustChainException {
        return SignedTreeHead.parse(since.toString(), Files.readString(since));
    }

    private InclusionProof prove(Audit audit, List<String> findings) throws TrustChainException {
        InclusionProof proof =
                audit.prove(CertificateFile.read(certificate).certificate()).orElse(null);
        if (proof == null) {
            findings.add(certificate + " is not in the log that was signed at "
                    + audit.head().at());
        }
        return proof;
    }

    private void print(PrintWriter out, AuditReport report, List<String> findings, InclusionProof proof) {
        out.println(report.entries() + " entries, " + report.issued() + " certificates, " + report.revoked()
                + " revoked; root " + report.root());
        out.println("signed for " + report.head().size() + " entries at "
                + report.head().at());
        if (since != null && findings.isEmpty()) {
            out.println("continues the head in " + since);
        }
        if (proof != null) {
            out.println(certificate + " is entry " + proof.index() + ", proved by "
                    + proof.path().size() + " hashes");
        }
        findings.forEach(finding -> out.println("WRONG: " + finding));
    }

    private static ObjectNode object(AuditReport report, List<String> findings, InclusionProof proof) {
        ObjectNode object = JSON.createObjectNode()
                .put("entries", report.entries())
                .put("issued", report.issued())
                .put("revoked", report.revoked())
                .put("root", report.root().toString());
        object.putObject("head")
                .put("entries", report.head().size())
                .put("at", report.head().at().toString())
                .put("root", report.head().root().toString())
                .put("signature", report.head().signature());
        if (proof != null) {
            ArrayNode path = object.putObject("inclusion")
                    .put("entry", proof.index())
                    .put("entries", proof.treeSize())
                    .putArray("path");
            proof.path().forEach(hash -> path.add(hash.toString()));
        }
        ArrayNode array = object.putArray("findings");
        findings.forEach(array::add);
        return object;
    }
}
