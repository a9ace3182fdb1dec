package dev.hil.board;

import static dev.hil.junit.HilAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.HilTest;
import dev.hil.link.Command;
import dev.hil.link.Deadline;
import dev.hil.link.LinkException;
import dev.hil.virtual.VirtualMachine;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What happens to a board is seen, told apart, and explained. QMP's events are the oracle, and nothing but that. The
 * watchdog and the power cut are tried out by {@link CaptureQualificationIT}.
 */
@HilTest
class VerdictIT {

    private static VirtualMachine machine(Board board) {
        return (VirtualMachine) board.power().orElseThrow();
    }

    /** Each test that resets the board on purpose begins and ends with an ordered reboot. */
    @AfterEach
    void backToOrder(Board board) {
        if (!board.watch().resets().isEmpty()
                && board.verdict().verdict() != ResetVerdict.NONE
                && board.verdict().verdict() != ResetVerdict.NETWORK_ONLY) {
            assertThat(board.reboot()).isOrdered();
        }
        assertThat(board.verdict()).isNoReset();
    }

    @Test
    @Order(1)
    void aBoardThatIsLeftAloneWasNotReset(Board board) {
        Drain drain = board.watch().drain(Duration.ofSeconds(20));

        assertThat(drain.complete()).as(drain.why()).isTrue();
        assertThat(board.verdict()).isNone();
        assertThat(board.watch().consoleCarries())
                .as("the console shows the canary")
                .isTrue();
        assertThat(board.bootLog()).isWhole().contains("Linux version");
    }

    @Test
    @Order(2)
    void aCrashIsDiagnosedAndTheCanaryComesBack(Board board) {
        Reset reset = board.crash();

        assertThat(reset)
                .isDiagnosed()
                .isAtLeast(Confidence.CERTAIN)
                .hasPanic("sysrq triggered crash")
                .hasConsoleCaptured()
                .hasNoBitErrors();
        assertThat(reset.capture().dmesg()).isTrue();
        assertThat(reset.capture().pmsg()).isTrue();
        assertThat(board.pstore()).hasDmesgRecord().hasConsoleRecord().hasPmsgRecord();
        board.pstore().clear(board.pstore().read());
        assertThat(board.verdict()).isNone();
    }

    @Test
    @Order(3)
    void aResetIntoTheSameKernelWhileNobodyLookedIsSeen(Board board) {
        Boot before = board.boot();
        long known = resets(board);

        machine(board).reset();
        Instant injected = resetAt(board, known);
        Reset reset = board.verdict();

        assertThat(reset.before().id()).isEqualTo(before.id());
        assertThat(reset.after().release()).isEqualTo(before.release());
        // Nothing says who pressed the button; it is no watchdog's doing, since the board was well a moment before.
        assertThat(reset).hasVerdict(ResetVerdict.UNKNOWN).hasEvidence("the memory was kept");
        assertThat(reset.capture().console()).isTrue();
        assertThat(board.boot().id()).as("the boot that was ordered").isEqualTo(before.id());
        assertThat(board.lockdep()).isBlind().hasReason("the board is in boot");
        measured(board, "reset button to verdict", injected);
        board.watch().acknowledge("the reset button was pressed on purpose");
    }

    @Test
    @Order(4)
    void aBoardThatWasNotHeardForAWhileWasNotReset(Board board) throws java.io.IOException {
        board.exec(Command.script("echo before > /dev/kmsg").root()).orThrow();
        machine(board).pause();
        Deadline patience = Deadline.in(Duration.ofSeconds(20));
        Awaitility.await("the link is known to be lost")
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> board.watch().outages().stream()
                        .anyMatch(outage -> outage.boot().equals(board.boot().id())));
        assertThat(patience.elapsed()).isLessThan(Duration.ofSeconds(8));
        board.evidence().event("measured", "link loss noticed after " + patience.elapsed());
        machine(board).resume();

        assertThat(board.verdict()).isNetworkOnly();
        board.exec(Command.script("echo after > /dev/kmsg").root()).orThrow();
        assertThat(board.watch().drain(Duration.ofSeconds(30)).complete()).isTrue();
        List<java.nio.file.Path> logs = board.kmsg().recordings();
        List<String> lines = Files.readAllLines(logs.get(logs.size() - 1));
        // Behind the last line, without a gap and without a repetition.
        assertThat(lines.stream()
                        .filter(line -> line.contains(";before") || line.contains(";after"))
                        .map(line -> line.replaceFirst(".*;", "")))
                .containsExactly("before", "after");
        assertThat(lines.stream()
                        .filter(line -> line.matches("\\d+,\\d+,.*"))
                        .map(line -> Long.parseLong(line.split(",", 3)[1])))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(board.bootLog()).isWhole();
    }

    @Test
    @Order(5)
    void anOrderlyRebootThatWasNotOursIsNotOrdered(Board board) {
        Boot before = board.boot();
        try {
            board.exec(Command.script("(sleep 0.2; reboot) </dev/null >/dev/null 2>&1 &")
                    .root());
        } catch (LinkException e) {
            board.evidence().event("test", "it went down at once");
        }
        Awaitility.await("it has gone down")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> !board.bootId().equals(before.id()));

        assertThat(board.verdict()).hasVerdict(ResetVerdict.UNKNOWN).hasEvidence("who rebooted it?");
        board.watch().acknowledge("rebooted behind the run's back on purpose");
    }

    @Test
    @Order(6)
    void aFloodOfMessagesIsReadOrItsLossIsSaid(Board board) {
        board.exec(Command.script("i=0; while [ $i -lt 4000 ]; do echo \"<6>flood $i"
                                + " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""
                                + " > /dev/kmsg; i=$((i+1)); done")
                        .root()
                        .timeout(Duration.ofMinutes(2)))
                .orThrow();

        BootLog log = board.bootLog();

        assertThat(log.unexpected()).isEmpty();
        boolean whole = log.unseen().isEmpty();
        long seen = log.text().lines().filter(line -> line.contains(";flood ")).count();
        assertThat(whole ? seen : 4000)
                .as("all of it, or its loss is said: %s", log.unseen())
                .isGreaterThan(3000);
    }

    private static long resets(Board board) {
        return machine(board).events().stream()
                .filter(event -> event.name().equals("RESET"))
                .count();
    }

    private static Instant resetAt(Board board, long known) {
        Awaitility.await("QEMU tells of the reset").atMost(10, TimeUnit.SECONDS).until(() -> resets(board) > known);
        return machine(board).events().stream()
                .filter(event -> event.name().equals("RESET"))
                .skip(known)
                .findFirst()
                .orElseThrow()
                .at();
    }

    private static void measured(Board board, String what, Instant injected) {
        board.evidence()
                .event(
                        "measured",
                        "%s: %d ms"
                                .formatted(
                                        what,
                                        Duration.between(injected, Instant.now())
                                                .toMillis()));
    }
}
