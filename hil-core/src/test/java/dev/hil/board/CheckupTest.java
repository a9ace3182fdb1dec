package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition.Capture;
import dev.hil.board.Checkup.Check;
import dev.hil.board.Checkup.Outcome;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CheckupTest {
    private static final String WELL = """
            printk 7 4 1 7
            panic 1
            backend ramoops
            pmsg yes
            watchdog i6300ESB timer|active|15|0
            """;

    private static Map<String, Check> checks(String facts, Capture capture) {
        return Checkup.judge(BootFacts.parse(facts), capture).stream()
                .collect(Collectors.toMap(Check::name, Function.identity()));
    }

    private static Check check(String name, String facts, Capture capture) {
        return Objects.requireNonNull(checks(facts, capture).get(name), name);
    }

    private static Check check(String name, String old, String now) {
        return check(name, WELL.replace(old, now), Capture.RAMOOPS);
    }

    @Test
    void aBoardOfWhichAllIsWellHasNoProblem() {
        assertThat(checks(WELL, Capture.RAMOOPS))
                .containsOnlyKeys("ramoops", "console level", "panic", "watchdog")
                .allSatisfy((name, check) -> assertThat(check.outcome()).isEqualTo(Outcome.OK));
    }

    @Test
    void aCaptureThatIsNotThereIsAProblemOnlyWhereItIsTheOneThatIsTrusted() {
        String without = WELL.replace("backend ramoops", "backend (null)");

        assertThat(check("ramoops", without, Capture.RAMOOPS).outcome()).isEqualTo(Outcome.PROBLEM);
        assertThat(check("ramoops", without, Capture.RAMOOPS).text()).contains("nothing survives a reset");
        assertThat(check("ramoops", without, Capture.SERIAL).outcome()).isEqualTo(Outcome.NOTE);
    }

    @Test
    void aQuietConsoleIsAProblemWithWhatToDo() {
        Check check = check("console level", "printk 7", "printk 4");

        assertThat(check.outcome()).isEqualTo(Outcome.PROBLEM);
        assertThat(check.text()).contains("the console level is 4", "loglevel=7", "without quiet");
        assertThat(check("console level", "printk 7 4 1 7", "").outcome())
                .as("what is not known is not well")
                .isEqualTo(Outcome.NOTE);
    }

    @Test
    void aPanicThatStopsTheBoardForGoodIsAProblem() {
        assertThat(check("panic", "panic 1", "panic 0").outcome()).isEqualTo(Outcome.OK);
        assertThat(check("panic", "panic 1", "panic 0").text()).contains("only the watchdog ends a panic");

        Check stuck =
                check("panic", WELL.replace("panic 1", "panic 0").replace("|active|", "|inactive|"), Capture.RAMOOPS);
        assertThat(stuck.outcome()).isEqualTo(Outcome.PROBLEM);
        assertThat(stuck.text()).contains("no watchdog is armed");
    }

    @Test
    void noWatchdogIsWorthKnowing() {
        Check check = check("watchdog", "|active|", "|inactive|");

        assertThat(check.outcome()).isEqualTo(Outcome.NOTE);
        assertThat(check.text()).contains("a hang stays a hang");
    }
}
