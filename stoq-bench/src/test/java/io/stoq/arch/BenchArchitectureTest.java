package io.stoq.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who knows what in the tools. */
@AnalyzeClasses(packages = "io.stoq.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class BenchArchitectureTest {

    @ArchTest
    static final ArchRule onlyBaselinesKnowOtherStacks = noClasses()
            .that()
            .resideOutsideOfPackage("io.stoq.bench.baseline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.handler..")
            .because("STOQ is measured by its public API, and what it is compared with stays in one place");

    @ArchTest
    static final ArchRule measuringDoesNotKnowTheCommandLine = noClasses()
            .that()
            .resideInAnyPackage("io.stoq.bench.perf..", "io.stoq.bench.baseline..", "io.stoq.bench.compare..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stoq.bench.cli..", "picocli..")
            .because("options are turned into plain values in one place");

    @ArchTest
    static final ArchRule perfDoesNotKnowComparisons = noClasses()
            .that()
            .resideInAPackage("io.stoq.bench.perf..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stoq.bench.baseline..", "io.stoq.bench.compare..")
            .because("a comparison is made of measurements, and not the other way round");
}
