package io.stoq.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the crypto module may use. */
@AnalyzeClasses(
        packages = {"io.stoq.tls", "io.stoq.pem", "io.stoq.trustchain", "io.stoq.protection", "io.stoq.token"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class CryptoArchitectureTest {
    @ArchTest
    static final ArchRule onlyTlsAndCertificatesKnowBouncyCastle = noClasses()
            .that()
            .resideOutsideOfPackages("io.stoq.tls..", "io.stoq.pem..", "io.stoq.trustchain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..")
            .allowEmptyShould(true)
            .because("packet protection and tokens need JCA only, and the TLS stack must stay replaceable");

    @ArchTest
    static final ArchRule cryptoKnowsOfTheEngineItsSpiOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax..",
                    "jdk.jfr..",
                    "org.bouncycastle..",
                    "org.slf4j",
                    "io.stoq",
                    "io.stoq.config..",
                    "io.stoq.crypto..",
                    "io.stoq.wire..",
                    "io.stoq.buffer..",
                    "io.stoq.tls..",
                    "io.stoq.pem..",
                    "io.stoq.trustchain..",
                    "io.stoq.protection..",
                    "io.stoq.token..")
            .because("crypto implements an SPI; connections, sockets and event loops are not its business");

    @ArchTest
    static final ArchRule handshakesDoNotKnowTheAuthority = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq.trustchain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.stoq.trustchain..")
            .because("certificates of any authority work in its place");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.stoq.(*)..")
            .should()
            .beFreeOfCycles()
            .because("keys do not need a handshake to be tested");
}
