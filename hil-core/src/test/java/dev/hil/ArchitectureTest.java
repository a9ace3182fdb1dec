package dev.hil;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.hil.link.Shell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the plan of the house: which package may use which, and what none may do. */
class ArchitectureTest {
    /** Ground floor first; a package uses only those before it. Some are still to come. */
    private static final List<String> FLOORS = List.of(
            "klog", "link", "record", "boot", "board", "kernel", "lint", "plan", "virtual", "report", "junit", "cli");

    private static final String ROOT = "dev.hil.";

    /** Where the main classes lie; those of the tests lie elsewhere. */
    private static final Path COMPILED = Path.of(URI.create(
            Shell.class.getProtectionDomain().getCodeSource().getLocation().toString()));

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(COMPILED);

    @Test
    void everyCompiledClassIsLookedAt() throws IOException {
        List<Path> compiled;
        try (Stream<Path> files = Files.walk(COMPILED)) {
            compiled = files.filter(file -> file.toString().endsWith(".class"))
                    .map(COMPILED::relativize)
                    .toList();
        }

        assertThat(MAIN).as("classes scanned").hasSameSizeAs(compiled).hasSizeGreaterThan(100);
        assertThat(scannedPackages())
                .as("packages scanned")
                .containsExactlyInAnyOrderElementsOf(compiled.stream()
                        .map(file -> file.getName(2).toString())
                        .collect(Collectors.toSet()))
                .contains("link", "record", "boot", "board", "kernel", "lint", "plan", "virtual", "junit");
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        assertThat(scannedPackages())
                .as("packages of dev.hil; a new one gets its place in ARCHITECTURE.md and in FLOORS")
                .isSubsetOf(FLOORS);
    }

    /** So klog, the first, knows nothing else of the project. */
    @Test
    void aPackageUsesOnlyThoseBeforeIt() {
        classes()
                .should(new ArchCondition<JavaClass>("use only packages before their own in " + FLOORS) {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        int own = FLOORS.indexOf(floor(item));
                        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                            JavaClass target = dependency.getTargetClass().getBaseComponentType();
                            if (target.getPackageName().startsWith(ROOT) && FLOORS.indexOf(floor(target)) > own) {
                                events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                            }
                        }
                    }
                })
                .check(MAIN);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void onlyTheJunitPackageKnowsJunit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "junit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", "org.opentest4j..")
                .check(MAIN);
    }

    @Test
    void nothingEndsTheJvmOrPrintsAStackTrace() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .callMethodWhere(target(nameMatching("exit|halt")))
                .check(MAIN);
        noClasses()
                .should()
                .callMethodWhere(target(nameMatching("printStackTrace")))
                .check(MAIN);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethodWhere(target(nameMatching("sleep"))).check(MAIN);
    }

    private static Set<String> scannedPackages() {
        return MAIN.stream().map(ArchitectureTest::floor).collect(Collectors.toSet());
    }

    /** The package right below dev.hil that a class is in. */
    private static String floor(JavaClass type) {
        assertThat(type.getPackageName()).as("package of %s", type.getName()).startsWith(ROOT);
        return type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
    }
}
