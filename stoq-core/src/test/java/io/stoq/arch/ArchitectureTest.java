package io.stoq.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.stream.Stream;

/** What the engine may use, and which package may know which. */
@AnalyzeClasses(packages = "io.stoq", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] HOT = {
        "io.stoq.wire..",
        "io.stoq.buffer..",
        "io.stoq.ack..",
        "io.stoq.recovery..",
        "io.stoq.congestion..",
        "io.stoq.stream..",
        "io.stoq.datagram..",
        "io.stoq.memory..",
        "io.stoq.transmit..",
        "io.stoq.connection.."
    };

    private static final List<String> FRAMES = List.of("buffer", "crypto", "wire");
    private static final List<String> SENT_FRAMES = with(FRAMES, "recovery", "memory");
    private static final List<String> COMPONENTS =
            with(SENT_FRAMES, "ack", "congestion", "stream", "datagram", "cid", "path", "handshake", "telemetry");

    /**
     * The packages of the engine, from the bottom to the top, and what each may use of the others. A component that puts
     * frames into packets knows the log of sent frames; how losses are found stays inside recovery.
     */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("buffer", List.of()),
            entry("crypto", List.of("buffer")),
            entry("wire", List.of("buffer", "crypto")),
            entry("telemetry", FRAMES),
            entry("memory", FRAMES),
            entry("pool", List.of()),
            entry("ack", FRAMES),
            entry("congestion", FRAMES),
            entry("recovery", with(FRAMES, "congestion", "ack")),
            entry("stream", SENT_FRAMES),
            entry("datagram", SENT_FRAMES),
            entry("handshake", SENT_FRAMES),
            entry("cid", SENT_FRAMES),
            entry("path", SENT_FRAMES),
            entry("transmit", COMPONENTS),
            entry("connection", with(COMPONENTS, "transmit")),
            entry("endpoint", with(COMPONENTS, "transmit", "connection")));

    private static List<String> with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    @ArchTest
    static final ArchRule coreUsesTheJdkOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.stoq..")
            .because("an engine without dependencies can be embedded, simulated and fuzzed anywhere");

    @ArchTest
    static final ArchRule engineOpensNoSocket = noClasses()
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("java.nio.channels..")
                    .and(not(belongToAnyOf(ReadableByteChannel.class, WritableByteChannel.class, FileChannel.class))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Socket.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ServerSocket.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(DatagramSocket.class)
            .because(
                    "datagrams come in and go out by calls; the transport owns the sockets, and what the public interfaces"
                            + " name of channels opens none");

    @ArchTest
    static final ArchRule engineReadsNoClock = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethodWhere(target(name("now")).and(target(owner(resideInAPackage("java.time..")))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because("time is the parameter nowNs: one clock read per loop turn, and virtual time in tests");

    @ArchTest
    static final ArchRule engineDrawsNoRandomNumber = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(SecureRandom.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(SplittableRandom.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.util.random..")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .because("randomness is handed in, so that a seed replays a whole connection");

    @ArchTest
    static final ArchRule engineStartsNoThread = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Timer.class)
            .because("a connection lives on the thread of its caller");

    @ArchTest
    static final ArchRule engineIsNotConcurrent = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent..")
            .because("one loop owns a connection; only the public interfaces speak of other threads");

    @ArchTest
    static final ArchRule engineHasNoSynchronizedMethod = noMethods()
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED)
            .allowEmptyShould(true)
            .because("one loop owns a connection, so there is nothing to lock");

    @ArchTest
    static final ArchRule engineHasNoVolatileField = noFields()
            .should()
            .haveModifier(JavaModifier.VOLATILE)
            .allowEmptyShould(true)
            .because("one loop owns a connection, so nothing is published to other threads");

    @ArchTest
    static final ArchRule hotPackagesUseNoStreams = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.stream..")
            .allowEmptyShould(true)
            .because("a stream allocates for every packet");

    @ArchTest
    static final ArchRule hotPackagesReturnNoOptional = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(HOT)
            .should()
            .haveRawReturnType(Optional.class)
            .allowEmptyShould(true)
            .because("an Optional is an allocation for every packet; absence is a sentinel value");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.stoq.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package can be understood with those below it alone");

    @ArchTest
    static void arrowsPointDown(JavaClasses classes) {
        MAY_USE.forEach((from, allowed) -> {
            String[] forbidden = MAY_USE.keySet().stream()
                    .filter(to -> !to.equals(from) && !allowed.contains(to))
                    .map(to -> "io.stoq." + to + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.stoq." + from + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .because("." + from + " may use " + allowed + " of the engine: "
                            + "what does not know the connection can be tested and replaced alone")
                    .check(classes);
        });
    }
}
