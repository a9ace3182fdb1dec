package dev.hil.virtual;

import dev.hil.board.BoardConnection;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardProvider;
import dev.hil.board.KernelIdentity;
import dev.hil.board.Rescue;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Power;
import dev.hil.link.SshConfig;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the emulated board, after its recipe has made it or found it made. */
public final class VirtualBoardProvider implements BoardProvider {
    /** Programs that a run needs even where the board has been prepared long ago, with Debian's packages for them. */
    private static final Map<String, String> NEEDED = Map.of(
            "qemu-system-aarch64", "qemu-system-arm",
            "qemu-img", "qemu-utils",
            "setsid", "util-linux",
            "ssh", "openssh-client");

    @Override
    public String id() {
        return "virtual";
    }

    @Override
    public boolean outlivesRuns() {
        return false;
    }

    @Override
    public BoardConnection connect(BoardDefinition definition, Evidence evidence) {
        Leftovers leftovers = new Leftovers(evidence.home());
        leftovers.sweep().forEach(text -> evidence.event("leftover", text));
        NEEDED.forEach(VirtualBoardProvider::require);
        PreparedBoard prepared = Recipe.prepare(definition.virtual().recipe(), evidence);
        VirtualMachine machine =
                new VirtualMachine(prepared, definition.virtual().sshPort(), evidence, leftovers);
        try {
            machine.on();
            // The same way in as to any board, and one that a person can use: ssh -F .../ssh_config NAME
            Path config =
                    evidence.write("ssh_config", sshConfig(definition.ssh().host(), prepared, machine.sshPort()));
            SshTarget target = SshConfig.ofFile(config).resolve(definition.ssh().host());
            return new Connection(complete(definition, prepared), target, machine, prepared);
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    private static void require(String program, String debianPackage) {
        String path = String.valueOf(System.getenv("PATH"));
        boolean found = Stream.of(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            throw new InfrastructureException(
                    ("the emulated board needs %s, which is on no folder of the PATH (%s). Debian and Ubuntu have it in"
                                    + " %s: apt-get install %s; all that is needed is installed by"
                                    + " fixtures/virtual-board/prepare --install.")
                            .formatted(program, path, debianPackage, debianPackage));
        }
    }

    /** The way in, for {@code ssh -F}. */
    static String sshConfig(String host, PreparedBoard prepared, int port) {
        return """
                Host %s
                    HostName 127.0.0.1
                    Port %d
                    User root
                    HostKeyAlias %s
                    IdentityFile "%s"
                    IdentitiesOnly yes
                    UserKnownHostsFile "%s"
                    GlobalKnownHostsFile /dev/null
                    StrictHostKeyChecking yes
                """.formatted(
                        host,
                        port,
                        prepared.text("ssh.alias"),
                        prepared.path("ssh.identity"),
                        prepared.path("ssh.known_hosts"));
    }

    /** The kernel's source and build come with the board, whatever the definition leaves open. */
    static BoardDefinition complete(BoardDefinition definition, PreparedBoard prepared) {
        return definition
                .kernel()
                .map(kernel -> definition.withKernel(new BoardDefinition.Kernel(
                        prepared.text("kernel.tree"),
                        Optional.of(prepared.text("kernel.build")),
                        kernel.place(),
                        prepared.list("kernel.make"),
                        prepared.assignments("kernel.env"),
                        kernel.series(),
                        kernel.test().from(prepared.text("kernel.build")))))
                .orElse(definition);
    }

    private static final class Connection implements BoardConnection {
        private final BoardDefinition definition;
        private final SshTarget ssh;
        private final VirtualMachine machine;
        private final PreparedBoard prepared;
        private @Nullable Lease tree;

        Connection(BoardDefinition definition, SshTarget ssh, VirtualMachine machine, PreparedBoard prepared) {
            this.definition = definition;
            this.ssh = ssh;
            this.machine = machine;
            this.prepared = prepared;
        }

        @Override
        public BoardDefinition definition() {
            return definition;
        }

        @Override
        public SshTarget ssh() {
            return ssh;
        }

        @Override
        public Optional<Console> console() {
            return Optional.of(machine.console());
        }

        @Override
        public Optional<Power> power() {
            return Optional.of(machine);
        }

        @Override
        public Optional<Rescue> rescue() {
            return Optional.of(machine);
        }

        @Override
        public Map<String, KernelIdentity> kernels() {
            return prepared.kernels();
        }

        @Override
        public synchronized void claimKernel() {
            if (tree != null) {
                return;
            }
            tree = Lease.take(
                    prepared.path("kernel.lock"),
                    "the kernel tree of the emulated board",
                    "a bisect step",
                    Lease.waitFromProperties());
            // Every run's patches are its own: whatever a dead one has left in the tree goes. -x, since the .gitignore
            // that
            // comes with the source hides every new file.
            LocalShell shell = new LocalShell();
            for (String command : List.of("reset --quiet --hard", "clean --quiet --force -d -x")) {
                List<String> argv = new ArrayList<>(List.of("git", "-C", prepared.text("kernel.tree")));
                argv.addAll(List.of(command.split(" ", -1)));
                shell.exec(Command.of(argv).timeout(Duration.ofMinutes(2))).orThrow();
            }
        }

        @Override
        public boolean isThrowAway() {
            return true;
        }

        @Override
        public synchronized void close() {
            Lease claimed = tree;
            if (claimed != null) {
                claimed.close();
            }
            machine.close();
        }
    }
}
