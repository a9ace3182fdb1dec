package dev.hil.board;

import dev.hil.link.Console;
import dev.hil.link.LocalSshServer;
import dev.hil.link.Power;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A board that is a folder of this host behind a real ssh server: its /boot, /proc and so on lie under {@code root},
 * its programs are those of {@code bin} and no others. So that no test can reboot or crash the machine it runs on, each
 * command line has its paths led into that folder before a shell sees it.
 */
final class FakeBoard implements AutoCloseable {
    static final String MENU = "/boot/extlinux/extlinux.conf";
    static final String FIRST_BOOT = "11111111-1111-4111-8111-111111111111";

    private static final Pattern PATHS =
            Pattern.compile("(?<![\\w.+-])(?=/(?:boot|lib/modules|sys|var/lib/systemd|proc|dev/kmsg)(?:[/ '\"]|$))");
    /** What a shell script of hil may need; each is the host's own. */
    private static final List<String> PROGRAMS = List.of(
            "sh",
            "env",
            "sha256sum",
            "stat",
            "test",
            "readlink",
            "chown",
            "chmod",
            "mv",
            "rm",
            "cp",
            "cmp",
            "sort",
            "gzip",
            "grep",
            "find",
            "printf",
            "od",
            "tr",
            "sleep",
            "head",
            "uname",
            "sed",
            "mkdir",
            "dirname",
            "yes",
            "tail",
            "git",
            "mktemp",
            "nproc",
            "touch",
            "id",
            "df",
            "du");

    final Path folder;
    final Path root;
    final Path home;
    private final Path bin;
    private final LocalSshServer server;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private String timeout = "20s";
    private String more = "";
    private String tree = "/no/such/tree";
    private String sshConfig = "";
    private final List<LiveBoard> boards = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();

    FakeBoard(Path folder) throws IOException {
        this.folder = folder;
        root = Files.createDirectories(folder.resolve("root"));
        bin = Files.createDirectories(folder.resolve("tools"));
        home = folder.resolve("home");
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(bin.resolve(program), program(program));
        }
        server = new LocalSshServer(Files.createDirectories(folder.resolve("ssh")));
        server.programs(bin);
        server.rewrite(this::received);
        put("/proc/sys/kernel/random/boot_id", FIRST_BOOT + "\n");
        put("/proc/sys/kernel/osrelease", "6.1.0-fake\n");
        put("/proc/sys/kernel/version", "#1 SMP fake\n");
        put("/proc/sys/kernel/prove_locking", "1\n");
        put("/proc/version", "Linux version 6.1.0-fake\n");
        put("/proc/cmdline", "root=/dev/fake\n");
        put("/proc/lockdep_stats", " debug_locks:                             1\n");
        put("/proc/sysrq-trigger", "");
        put("/dev/kmsg", "6,0,0,-;Linux version 6.1.0-fake\n");
        put(MENU, "DEFAULT safe\nLABEL safe\n  LINUX /boot/Image\nLABEL test\n  LINUX /boot/Image-test\n");
        put("/boot/Image", "kernel");
        put("/boot/Image-test", "test kernel");
        Files.createDirectories(root.resolve("sys/fs/pstore"));
        tool("reboot", "echo 22222222-2222-4222-8222-222222222222 > " + at("/proc/sys/kernel/random/boot_id"));
        tool("debugfs", "exit 1");
        // A kernel log that is followed goes on, and what is written to it comes with a number.
        String kmsg = at("/dev/kmsg").toString();
        tool(
                "cat",
                "case $1 in %s) exec tail --pid=$PPID -n +1 -f \"$1\";; *) exec %s \"$@\";; esac"
                        .formatted(kmsg, program("cat")));
        tool(
                "tee",
                "case $1 in %1$s) n=$(sed -n '$=' %1$s); sed \"s/^<\\([0-9]\\)>/\\1,$n,$n,-;/\" >> %1$s;; *) exec %2$s \"$@\";; esac"
                        .formatted(kmsg, program("tee")));
        // The host's own would wait for the disks of everybody.
        tool("sync", ":");
        // The board knows nothing of where its root lies.
        tool("find", "%s \"$@\" | sed \"s,%s,,g\"".formatted(program("find"), root));
        tool(
                "tar",
                "exec %s --transform='s,^/*%s/,,' \"$@\""
                        .formatted(program("tar"), root.toString().substring(1)));
    }

    private static Path program(String name) {
        for (String place : String.valueOf(System.getenv("PATH")).split(":", -1)) {
            if (Files.isExecutable(Path.of(place, name))) {
                return Path.of(place, name);
            }
        }
        throw new IllegalStateException("this host has no " + name);
    }

    private synchronized String received(String line) {
        lines.add(line);
        return PATHS.matcher(line).replaceAll(Matcher.quoteReplacement(root.toString()));
    }

    /** The command lines that the board was sent, with the paths as hil wrote them. */
    synchronized List<String> received() {
        return List.copyOf(lines);
    }

    /** Where a path of the board lies on this host. */
    Path at(String path) {
        return Path.of(root + path);
    }

    Path put(String path, String content) throws IOException {
        Files.createDirectories(at(path).getParent());
        return Files.writeString(at(path), content);
    }

    /** Makes a program of the board, in place of the one there is. */
    void tool(String name, String script) throws IOException {
        Path file = bin.resolve(name);
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    /** What was printed on the terminal of whoever ran the tests. */
    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    LocalSshServer server() {
        return server;
    }

    /** How long a reboot may take. */
    void timeout(String duration) {
        timeout = duration;
    }

    /** Further tables of the definition. */
    void define(String tables) {
        more = tables;
    }

    /** A kernel tree; it is taken to be on the board. */
    void kernelTree(Path path) {
        tree = path.toString();
    }

    /** What {@code ssh} makes of other hosts' names. */
    void sshConfig(String text) throws IOException {
        Files.writeString(folder.resolve("ssh_config"), text);
        sshConfig = "ssh.config = \"%s\"".formatted(folder.resolve("ssh_config"));
    }

    BoardDefinition definition(boolean sudo) throws IOException {
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(boards.resolve("fake.toml"), """
                name         = "fake"
                capture      = "ramoops"
                ssh.host     = "fake"
                ssh.sudo     = %s
                %s
                boot.menu    = "%s"
                boot.safe    = "safe"
                boot.test    = "test"
                boot.timeout = "%s"
                [ramoops]
                address = 0x110000
                size    = 0xf0000
                [kernel]
                tree   = "%s"
                where  = "board"
                series = "series"
                """.formatted(sudo, sshConfig, MENU, timeout, tree) + more);
        return new BoardDefinitions(boards).get("fake");
    }

    Evidence evidence() {
        return Evidence.start(home, "fake", new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    /** Logs in, as a run would. */
    LiveBoard open(boolean sudo) throws IOException {
        Evidence evidence = evidence();
        Ledger ledger = Ledger.open(evidence.folder().resolve("ledger.jsonl"), "run");
        SshTarget target = server.target();
        LiveBoard board = new LiveBoard(new Connection(definition(sudo), named("fake", target)), evidence, ledger);
        ledgers.add(ledger);
        boards.add(board);
        board.start();
        return board;
    }

    private static SshTarget named(String alias, SshTarget target) {
        return new SshTarget(
                alias,
                target.host(),
                target.port(),
                target.user(),
                target.identities(),
                target.agent(),
                target.knownHosts(),
                target.hostKeyAlias(),
                target.jump());
    }

    /** Logs in from another process. */
    static LiveBoard attach(Path folder, int port) {
        Path ssh = folder.resolve("ssh");
        SshTarget target = new SshTarget(
                "fake",
                "127.0.0.1",
                port,
                "tester",
                List.of(ssh.resolve("user_key")),
                Optional.empty(),
                List.of(ssh.resolve("known_hosts")),
                Optional.empty(),
                Optional.empty());
        BoardDefinition definition = new BoardDefinitions(folder.resolve("boards")).get("fake");
        Evidence evidence = Evidence.start(folder.resolve("home"), "fake", System.out);
        Ledger ledger = Ledger.open(evidence.folder().resolve("ledger.jsonl"), "run");
        LiveBoard board = new LiveBoard(new Connection(definition, target), evidence, ledger);
        board.start();
        return board;
    }

    private record Connection(BoardDefinition definition, SshTarget ssh) implements BoardConnection {
        @Override
        public Optional<Console> console() {
            return Optional.empty();
        }

        @Override
        public Optional<Power> power() {
            return Optional.empty();
        }

        @Override
        public Map<String, KernelIdentity> kernels() {
            return Map.of();
        }

        @Override
        public void claimKernel() {
            // Nobody else has it.
        }

        @Override
        public boolean isThrowAway() {
            return false;
        }

        @Override
        public void close() {
            // The server is ended by the test.
        }
    }

    @Override
    public void close() throws IOException {
        boards.forEach(LiveBoard::close);
        ledgers.forEach(Ledger::close);
        server.close();
        // JUnit warns of links that lead out of its temporary folder.
        for (String program : PROGRAMS) {
            Files.deleteIfExists(bin.resolve(program));
        }
    }
}
