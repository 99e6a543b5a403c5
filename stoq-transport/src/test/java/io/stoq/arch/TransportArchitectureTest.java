package io.stoq.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Linker;

/** What the transport may use, and where. */
@AnalyzeClasses(packages = "io.stoq.transport", importOptions = ImportOption.DoNotIncludeTests.class)
class TransportArchitectureTest {
    @ArchTest
    static final ArchRule transportDoesNoCryptography = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.bouncycastle..", "javax.crypto..", "io.stoq.tls..", "io.stoq.protection..", "io.stoq.token..")
            .because("the application hands in the crypto provider; I/O and crypto do not know each other");

    @ArchTest
    static final ArchRule onlyTheEpollBackEndKnowsEpoll = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq.transport.io.epoll..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.channel.epoll..")
            .because("a machine without epoll must be able to load everything else");

    @ArchTest
    static final ArchRule onlyTheUringBackEndKnowsUring = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq.transport.io.uring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.channel.uring..")
            .because("a machine without io_uring must be able to load everything else");

    @ArchTest
    static final ArchRule nativeFunctionsAreBoundInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq.transport.io.libc..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Linker.class)
            .because("layouts and signatures of the platform are checked once, in one small package");

    @ArchTest
    static final ArchRule socketsDoNotKnowWhoDrivesThem = noClasses()
            .that()
            .resideInAPackage("io.stoq.transport.io..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stoq.transport",
                    "io.stoq.transport.driver..",
                    "io.stoq.connection..",
                    "io.stoq.endpoint..",
                    "io.stoq.stream..")
            .allowEmptyShould(true)
            .because("a socket moves datagrams; QUIC is the driver's business");

    @ArchTest
    static final ArchRule viewsKnowThePublicInterfaceOnly = noClasses()
            .that()
            .resideInAPackage("io.stoq.transport.view..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stoq.transport", "io.stoq.transport.driver..", "io.stoq.transport.io..")
            .because("what an adapter can do, an application's own can");
}
