package io.stoq.bench.micro;

import io.stoq.trustchain.AuthorityProfile;
import io.stoq.trustchain.CertificateRequest;
import io.stoq.trustchain.IssueRequest;
import io.stoq.trustchain.IssuedCertificate;
import io.stoq.trustchain.KeyAlgorithm;
import io.stoq.trustchain.TrustChain;
import io.stoq.trustchain.TrustChainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A node's request comes in as text, and its certificate, in the log and on disk, goes out as text. */
public class IssueBenchmark extends MicroBenchmark {

    private static final int BATCH = 64;

    /** Of the authority's keys and the node's. */
    @Param({"P256", "P384", "ED25519"})
    public KeyAlgorithm algorithm;

    private Path folder;
    private TrustChain authority;
    private String request;

    @Setup
    public void prepare() throws IOException, TrustChainException {
        folder = Files.createTempDirectory("stoq-issue");
        AuthorityProfile profile = AuthorityProfile.named("Fleet").withAlgorithm(algorithm);
        authority = TrustChain.create(folder.resolve("ca"), profile, "correct horse".toCharArray());
        request = CertificateRequest.create(algorithm.generate(), List.of("node.fleet.example", "fd00::1"))
                .pem();
    }

    @TearDown
    public void delete() throws IOException, TrustChainException {
        authority.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(IssueBenchmark::delete);
        }
    }

    /** Waits for the disk each time. */
    @Benchmark
    public String one() throws TrustChainException {
        return authority.issue(request()).pem();
    }

    /** Waits for the disk once for all of a batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<String> batch() throws TrustChainException {
        List<IssueRequest> requests = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            requests.add(request());
        }
        return authority.issue(requests).stream().map(IssuedCertificate::pem).toList();
    }

    private IssueRequest request() throws TrustChainException {
        return IssueRequest.of(CertificateRequest.parse("request", request));
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
