package dev.hil.bench;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.board.BoardWatch;
import dev.hil.board.Outage;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.board.Sighting;
import dev.hil.link.Command;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import dev.hil.virtual.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * How long it takes from a fault of the emulated board to what hil says of it. QEMU's clock, which is this host's, tells
 * when a reset happened; a splat counts from before its order was given, so the way of the order to the board is part of
 * it. Argument: how often each fault is committed (5).
 */
public final class VerdictBenchmark {
    private static final String RUN = "/sys/kernel/debug/hil_sabotage/run";
    private static final Duration LONG = Duration.ofMinutes(3);

    private final Board board;
    private final VirtualMachine machine;

    private VerdictBenchmark(Board board) {
        this.board = board;
        this.machine = (VirtualMachine) board.power().orElseThrow();
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Evidence evidence = Evidence.start(Evidence.defaultHome(), "virtual", System.out);
        try (BoardSession session = BoardSession.open(BoardDefinitions.find().get("virtual"), evidence)) {
            new VerdictBenchmark(session.board()).measure(rounds);
        }
    }

    private void measure(int rounds) throws Exception {
        board.reboot(board.definition().boot().test());
        List<Long> loss = new ArrayList<>();
        List<Long> splat = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            loss.add(loseTheLink());
        }
        print("network cable pulled -> link known to be lost", loss);
        for (int i = 0; i < rounds; i++) {
            splat.add(splat());
            board.reboot();
        }
        print("splat ordered -> known, two locks named", splat);
        Resets panics = new Resets();
        for (int i = 0; i < rounds; i++) {
            resets("panic", "RESET", ResetVerdict.DIAGNOSED, panics);
        }
        print("panic: reset -> verdict", panics.sinceReset);
        print("panic: next boot's ssh answers -> verdict", panics.sinceAnswer);
        Resets watchdog = new Resets();
        for (int i = 0; i < rounds; i++) {
            resets("wedge", "WATCHDOG", ResetVerdict.SILENT_WATCHDOG, watchdog);
        }
        print("silent watchdog reset: reset -> verdict", watchdog.sinceReset);
        print("silent watchdog reset: ssh answers -> verdict", watchdog.sinceAnswer);
    }

    private record Resets(List<Long> sinceReset, List<Long> sinceAnswer) {
        Resets() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private long loseTheLink() throws Exception {
        int before = board.watch().outages().size();
        long start = System.nanoTime();
        machine.unplug();
        await("the link is known to be lost", () -> board.watch().outages().size() > before);
        long took = System.nanoTime() - start;
        machine.plug();
        await(
                "the link is back",
                () -> board.watch().outages().stream().noneMatch(outage -> outage.end() == Outage.End.OPEN));
        return took;
    }

    private long splat() {
        board.exec("modprobe", "hil_sabotage").orThrow();
        BoardWatch watch = board.watch();
        long mark = watch.mark();
        long start = System.nanoTime();
        order("echo abba > " + RUN);
        watch.await("the splat", sighting -> sighting.isSplat() && named(sighting), mark, LONG);
        return System.nanoTime() - start;
    }

    private static boolean named(Sighting sighting) {
        return sighting.locks().contains("hil_abba_a") && sighting.locks().contains("hil_abba_b");
    }

    private void resets(String fault, String event, ResetVerdict expected, Resets into) {
        int before = count(event);
        order("modprobe hil_sabotage && (sleep 0.5; echo " + fault + " > " + RUN + ") </dev/null >/dev/null 2>&1 &");
        await("QEMU tells " + event, () -> count(event) > before);
        Instant at = machine.events().stream()
                .filter(one -> one.name().equals(event))
                .reduce((one, other) -> other)
                .orElseThrow()
                .at();
        Reset reset = board.verdict();
        into.sinceReset.add(Duration.between(at, Instant.now()).toNanos());
        into.sinceAnswer.add(((SshShell) board.shell()).sinceAnswered().toNanos());
        if (reset.verdict() != expected) {
            throw new IllegalStateException("%s should be %s: %s".formatted(fault, expected, reset.describe()));
        }
        // Else the next verdict would be about this reset too.
        board.reboot();
    }

    private int count(String event) {
        return (int) machine.events().stream()
                .filter(one -> one.name().equals(event))
                .count();
    }

    private void order(String script) {
        board.exec(Command.script(script)).orThrow();
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(LONG)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(condition);
    }

    private static void print(String what, List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        System.out.printf(
                "%-50s median %7.0f ms   best %7.0f ms   worst %7.0f ms   (n=%d)%n",
                what,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(0) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6,
                sorted.size());
    }
}
