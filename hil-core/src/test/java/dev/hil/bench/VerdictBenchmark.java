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
 * it. Arguments: how often each fault is committed (5), and which: loss, splat, panic, watchdog or all of them.
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
        String fault = args.length > 1 ? args[1] : "all";
        try (BoardSession session = BoardSession.open(BoardDefinitions.find().get("virtual"), evidence)) {
            new VerdictBenchmark(session.board()).measure(rounds, fault);
        }
    }

    private void measure(int rounds, String fault) throws Exception {
        board.reboot(board.definition().boot().test());
        for (String one : fault.equals("all") ? List.of("loss", "splat", "panic", "watchdog") : List.of(fault)) {
            switch (one) {
                case "loss" -> print("network cable pulled -> link known to be lost", times(rounds, this::loseTheLink));
                case "splat" -> print("splat ordered -> known, two locks named", times(rounds, this::splat));
                case "panic" -> resets(rounds, "panic", "RESET", ResetVerdict.DIAGNOSED, "panic");
                case "watchdog" ->
                    resets(rounds, "wedge", "WATCHDOG", ResetVerdict.SILENT_WATCHDOG, "silent watchdog reset");
                default ->
                    throw new IllegalArgumentException(
                            "no fault \"%s\": loss, splat, panic, watchdog or all".formatted(one));
            }
        }
    }

    private static List<Long> times(int rounds, Callable<Long> measured) throws Exception {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            all.add(measured.call());
        }
        return all;
    }

    private void resets(int rounds, String fault, String event, ResetVerdict expected, String name) {
        Resets resets = new Resets();
        for (int i = 0; i < rounds; i++) {
            reset(fault, event, expected, resets);
        }
        print(name + ": reset -> verdict", resets.sinceReset);
        print(name + ": next boot's ssh answers -> verdict", resets.sinceAnswer);
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
        long took = System.nanoTime() - start;
        // Lockdep tells only the first.
        board.reboot();
        return took;
    }

    private static boolean named(Sighting sighting) {
        return sighting.locks().contains("hil_abba_a") && sighting.locks().contains("hil_abba_b");
    }

    private void reset(String fault, String event, ResetVerdict expected, Resets into) {
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
