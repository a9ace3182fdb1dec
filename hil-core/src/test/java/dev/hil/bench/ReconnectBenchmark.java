package dev.hil.bench;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long after the guest has started its ssh server does {@code reboot()} return, and what does a command cost; beside
 * OpenSSH on the same board in the same run. Arguments: number of reboots (10), boot label (lockdep).
 */
public final class ReconnectBenchmark {
    private static final int COMMANDS = 50;

    private ReconnectBenchmark() {}

    public static void main(String[] args) throws Exception {
        int reboots = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        String label = args.length > 1 ? args[1] : "lockdep";
        Evidence evidence = Evidence.start(Evidence.defaultHome(), "virtual", System.out);
        try (BoardSession session = BoardSession.open(BoardDefinitions.find().get("virtual"), evidence)) {
            Board board = session.board();
            board.reboot(label);
            Path config = session.evidence().file("ssh_config");
            List<Long> answers = new ArrayList<>();
            List<Long> delays = new ArrayList<>();
            List<Long> whole = new ArrayList<>();
            for (int i = 0; i < reboots; i++) {
                long start = System.nanoTime();
                board.reboot();
                answers.add(((SshShell) board.shell()).sinceAnswered().toNanos());
                long took = System.nanoTime() - start;
                delays.add(nanosSinceServerStarted(board));
                whole.add(took);
            }
            print("ssh server speaks -> reboot() returned, label " + label, answers);
            print("ssh server started -> reboot() returned, label " + label, delays);
            print("reboot ordered -> reboot() returned", whole);
            print(
                    "hil: command on the open connection",
                    timed(COMMANDS, () -> board.exec("true").orThrow()));
            openSsh(config);
        }
    }

    /**
     * How long before now the guest had started its ssh server, by the guest's own clock. Asked afterwards: a probe over
     * the network would be one more client for the guest to serve while it boots. On the high side: it holds the way of
     * the question to the guest, and the server needs some time from its start until it listens.
     */
    private static long nanosSinceServerStarted(Board board) {
        double now = Double.parseDouble(board.exec(Command.script("read -r up rest < /proc/uptime; echo $up"))
                .orThrow()
                .text());
        long ticks = Long.parseLong(board.exec(Command.script("for p in $(pidof dropbear sshd); do"
                        + " cut -d ' ' -f 22 /proc/$p/stat; done | sort -n | head -n 1"))
                .orThrow()
                .text());
        return (long) ((now - ticks / 100.0) * 1e9);
    }

    private static void openSsh(Path config) throws IOException {
        LocalShell shell = new LocalShell();
        Path socket = Files.createTempDirectory("hil-bench").resolve("master");
        List<String> base = List.of("ssh", "-F", config.toString());
        List<String> fresh = new ArrayList<>(base);
        fresh.addAll(List.of("virtual", "true"));
        print(
                "OpenSSH: new connection and command",
                timed(10, () -> shell.exec(Command.of(fresh)).orThrow()));
        List<String> master = new ArrayList<>(base);
        master.addAll(List.of("-M", "-S", socket.toString(), "-o", "ControlPersist=60", "virtual", "true"));
        // Its output is let go, since the master that stays behind would hold the pipes.
        shell.exec(Command.script("exec \"$@\" >/dev/null 2>&1", master.toArray(String[]::new)))
                .orThrow();
        List<String> shared = new ArrayList<>(base);
        shared.addAll(List.of("-S", socket.toString(), "virtual", "true"));
        print(
                "OpenSSH: command through ControlMaster",
                timed(COMMANDS, () -> shell.exec(Command.of(shared)).orThrow()));
        List<String> end = new ArrayList<>(base);
        end.addAll(List.of("-S", socket.toString(), "-O", "exit", "virtual"));
        shell.exec(Command.of(end));
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.getParent());
    }

    private static List<Long> timed(int times, Runnable work) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            work.run();
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }

    private static void print(String what, List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        System.out.printf(
                "%-55s median %6.0f ms   best %6.0f ms   worst %6.0f ms   (n=%d)%n",
                what,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(0) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6,
                sorted.size());
    }
}
