package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The definitions of the project, without their boards. */
class PlannedBoardsTest {
    private static final BoardDefinitions BOARDS = new BoardDefinitions(Path.of("../fixtures/boards"));

    private static LintReport lint(String board) {
        return Linter.run(Facts.offline(BOARDS.get(board)));
    }

    /** What must at least be found in the plan as its author wrote it, each at the line that is wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            memmap           | error   | append       | memmap=0x100000$0x10000000 reserves nothing: arm64 has no memmap=
            ramoops-declared | error   | declared     | nothing reserves it
            ramoops-place    | error   | address      | kernel_comp_addr_r
            ramoops-place    | error   | address      | CMA
            module-name      | error   | modules      | pstore_ram
            lockdep-banner   | error   | log          | Lockdep is enabled
            prove-rcu        | error   | PROVE_RCU    | PROVE_RCU cannot be left out
            local-version    | error   | LOCALVERSION | replaces "-devices"
            pstore-built-in  | error   | PSTORE_RAM   | PSTORE_RAM=m
            systemd-pstore   | error   | pstore       | /sys/fs/pstore only
            way-back         | error   | test         | becomes DEFAULT while it is on trial
            dump-oops        | warning | append       | ramoops.dump_oops=1 is deprecated
            ramoops-ecc      | warning | append       | no error correction
            ramoops-survives | warning | survives     | watchdog
            panic-reboots    | warning | append       | panic is 0
            """)
    void thePlanAsItsAuthorWroteItIsFoundOut(String rule, String severity, String key, String what) throws IOException {
        BoardDefinition definition = BOARDS.get("ampere-as-planned");
        List<String> text = Files.readAllLines(definition.file());

        assertThat(Linter.run(Facts.offline(definition)).findings())
                .filteredOn(
                        finding -> finding.rule().equals(rule) && finding.what().contains(what))
                .anySatisfy(finding -> {
                    assertThat(finding.severity().word()).isEqualTo(severity);
                    String[] where = finding.where().split(":", 4);
                    assertThat(text.get(Integer.parseInt(where[1]) - 1).strip()).startsWith(key);
                    assertThat(Integer.parseInt(where[2])).isPositive();
                    assertThat(finding.why()).isNotBlank();
                    assertThat(finding.source()).isNotBlank();
                    assertThat(finding.instead()).isNotBlank();
                });
    }

    @Test
    void nothingElseIsFoundInIt() {
        assertThat(lint("ampere-as-planned").findings())
                .extracting(LintFinding::rule)
                .containsOnly(
                        "memmap",
                        "ramoops-declared",
                        "ramoops-place",
                        "module-name",
                        "lockdep-banner",
                        "prove-rcu",
                        "local-version",
                        "pstore-built-in",
                        "systemd-pstore",
                        "way-back",
                        "dump-oops",
                        "ramoops-ecc",
                        "ramoops-survives",
                        "panic-reboots");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ampere", "virtual"})
    void theMendedPlanIsClean(String board) {
        LintReport report = lint(board);

        assertThat(report.findings()).isEmpty();
        assertThat(report.accepted()).isEmpty();
        assertThat(report.notChecked()).as("what only the board knows").isNotEmpty();
    }

    /** Each advice is taken, and the finding is gone: the advice is right. */
    @Test
    void ampereIsTheAsPlannedBoardWithTheAdviceTaken() {
        BoardDefinition mended = BOARDS.get("ampere");
        BoardDefinition planned = BOARDS.get("ampere-as-planned");

        assertThat(mended.boot().menu()).isEqualTo(planned.boot().menu());
        assertThat(mended.boot().test()).isEqualTo(planned.boot().test());
        assertThat(mended.boot().safe()).isEqualTo(planned.boot().safe());
        assertThat(mended.plan().safeRelease()).isEqualTo(planned.plan().safeRelease());
    }
}
