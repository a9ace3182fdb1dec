package dev.hil.bench;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.board.PstoreRecord;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes the recordings in fixtures/klog/virtual anew: each fault of the emulated board's test module, as the console,
 * /dev/kmsg and pstore have it. Argument: the folder to write to, then the faults (all).
 */
public final class FaultRecorder {
    private static final String RUN = "/sys/kernel/debug/hil_sabotage/run";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final List<String> FAULTS = List.of(
            "abba",
            "recursive",
            "irq-inversion",
            "sleep",
            "dma-fence",
            "rcu-stall",
            "rcu-usage",
            "null",
            "oops-loop",
            "lock-classes",
            "taint",
            "wedge");

    private FaultRecorder() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        for (String fault : args.length > 1 ? List.of(args).subList(1, args.length) : FAULTS) {
            Evidence evidence = Evidence.start(Evidence.defaultHome(), "virtual", System.out);
            try (BoardSession session =
                    BoardSession.open(BoardDefinitions.find().get("virtual"), evidence)) {
                record(session.board(), fault, folder);
            }
        }
    }

    private static void record(Board board, String fault, Path folder) throws IOException {
        board.reboot(board.definition().boot().test());
        // With PROVE_RCU the kernel waits five seconds more than it is told.
        board.exec(Command.script("echo 3 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout;"
                        + " modprobe hil_sabotage stall_seconds=12; echo hil-recording > /dev/kmsg"))
                .orThrow();
        board.kmsg().await(Pattern.compile("hil-recording"), 0, LIMIT);
        Console console = board.console().orElseThrow();
        long kmsgMark = board.kmsg().position();
        long consoleMark = console.position();
        board.exec(Command.script(
                "(sleep 0.5; echo $1 > $2; echo hil-recorded > /dev/kmsg) </dev/null >/dev/null 2>&1 &", fault, RUN));
        String last = lastWords(fault);
        if (last.isEmpty()) {
            console.await(Pattern.compile("U-Boot"), consoleMark, LIMIT);
        } else {
            board.kmsg().await(Pattern.compile(last), kmsgMark, LIMIT);
            console.await(Pattern.compile(last), consoleMark, LIMIT);
        }
        Path kmsg = board.kmsg().recordings().get(board.kmsg().recordings().size() - 1);
        write(folder.resolve(fault + ".kmsg"), Files.readAllBytes(kmsg), kmsgMark);
        write(folder.resolve(fault + ".console"), Files.readAllBytes(console.recording()), consoleMark);
        if (!last.isEmpty()) {
            // As the reset button does it: memory, and so ramoops, is kept.
            board.power().orElseThrow().reset();
        }
        String before = board.boot().id();
        awaitOther(board, before);
        for (PstoreRecord record : board.pstore().read()) {
            if (record.kind() == PstoreRecord.Kind.CONSOLE || record.kind() == PstoreRecord.Kind.DMESG) {
                Files.write(folder.resolve(fault + "." + record.name()), Files.readAllBytes(record.copy()));
            }
        }
    }

    /** What ends a fault's words; empty for one that has none and ends in a reset. */
    private static String lastWords(String fault) {
        return switch (fault) {
            case "null" -> "end trace";
            case "oops-loop" -> "(?s)end trace.*end trace.*end trace";
            case "wedge" -> "";
            default -> "hil-recorded";
        };
    }

    private static void write(Path file, byte[] bytes, long from) throws IOException {
        Files.write(file, Arrays.copyOfRange(bytes, (int) from, bytes.length));
    }

    private static void awaitOther(Board board, String before) {
        Deadline deadline = Deadline.in(LIMIT);
        while (true) {
            try {
                if (!board.bootId().equals(before)) {
                    return;
                }
            } catch (InfrastructureException e) {
                // It is on its way.
                if (deadline.isOver()) {
                    throw e;
                }
            }
            if (deadline.isOver()) {
                throw new InfrastructureException("still in boot " + before);
            }
        }
    }
}
