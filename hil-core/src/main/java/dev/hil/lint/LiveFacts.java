package dev.hil.lint;

import dev.hil.board.AttachedBoardProvider;
import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinition.Kernel;
import dev.hil.board.BoardSession;
import dev.hil.board.KernelIdentity;
import dev.hil.board.KernelPlan;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks a board for the facts that the rules want. It only reads. */
public final class LiveFacts {
    private static final int MOST_OUTPUT = 4 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * Three NUL-terminated pieces a fact: name, text, exit code. The board's own words may hold anything but a NUL; one
     * that lies about its pieces lies about its facts, which is no worse.
     */
    private static final String ASK = """
            ask() { n=$1; shift; printf '%s\\0' "$n"; "$@" 2>/dev/null; printf '\\0%s\\0' $?; }
            words() { tr '\\0' '\\n' < "$1"; }
            tree() {
              cd /proc/device-tree/reserved-memory || return
              for p in '#address-cells' '#size-cells' */*; do
                [ -f "$p" ] && printf '%s %s\\n' "$p" "$(od -An -v -tx1 -N 256 "$p" | tr -d ' \\n')"
              done; :
            }
            parameters() {
              cd /sys/module/ramoops/parameters || return
              for p in *; do printf '%s=%s\\n' "$p" "$(as_root cat "/sys/module/ramoops/parameters/$p")"; done
            }
            config() { gzip -dc /proc/config.gz; }
            cma() { as_root dmesg > /dev/null && as_root dmesg | grep -i -m 40 cma; :; }
            watchdogs() { for w in /sys/class/watchdog/*/identity; do [ -f "$w" ] && cat "$w"; done; :; }
            service() { for d in /usr/lib /lib /etc; do
              [ -e $d/systemd/system/systemd-pstore.service ] && { echo yes; return 0; }; done; echo no; }
            mounted() { grep -q ' /sys/fs/pstore pstore ' /proc/mounts && echo yes || echo no; }
            readable() { as_root ls /sys/fs/pstore > /dev/null && echo yes || echo no; }
            menu() { [ -e "$1" ] && as_root cat "$1"; }
            ask machine uname -m
            ask compatible words /proc/device-tree/compatible
            ask release cat /proc/sys/kernel/osrelease
            ask cmdline cat /proc/cmdline
            ask iomem as_root cat /proc/iomem
            ask reserved tree
            ask ramoops parameters
            ask cma cma
            ask printk cat /proc/sys/kernel/printk
            ask panic cat /proc/sys/kernel/panic
            ask tainted cat /proc/sys/kernel/tainted
            ask lockdep as_root cat /proc/lockdep_stats
            ask bootid cat /proc/sys/kernel/random/boot_id
            ask users who
            ask systemdpstore service
            ask mounted mounted
            ask readable readable
            ask watchdogs watchdogs
            ask free df -Pk /boot /lib/modules
            ask menu menu "$1"
            ask bootconfig as_root cat "/boot/config-$2"
            ask config config
            exit 0
            """;

    private static final String TREE = """
            case $1 in '~/'*) d=$HOME/${1#??};; *) d=$1;; esac; cat "$d/.config"
            """;

    private LiveFacts() {}

    /**
     * Asks a board that no run has: logs in and out again. The emulated one is started for it, and ends.
     *
     * @throws dev.hil.link.InfrastructureException where the board cannot be had or reached
     */
    public static Facts ask(BoardDefinition definition) {
        if (!definition.provider().equals("ssh")) {
            Evidence evidence = Evidence.start(Evidence.defaultHome(), definition.name(), System.err);
            try (BoardSession session = BoardSession.open(definition, evidence)) {
                return read(session.board());
            }
        }
        // Neither lease nor console: nothing is changed, and whoever has the board keeps it.
        try (SshShell shell = new SshShell(
                AttachedBoardProvider.target(definition), definition.ssh().sudo())) {
            boolean onBoard = definition.kernel().filter(Kernel::onBoard).isPresent();
            return read(shell, Optional.of(onBoard ? shell : new LocalShell()), definition);
        }
    }

    /** Asks a board that a run has. */
    public static Facts read(Board board) {
        BoardDefinition definition = board.definition();
        KernelPlan plan = definition
                .plan()
                .withReleases(
                        release(board, definition.boot().test()),
                        release(board, definition.boot().safe()));
        return read(board.shell(), Optional.of(board.buildHost()), definition.withPlan(plan));
    }

    private static Optional<String> release(Board board, String label) {
        return board.expectedKernel(label).map(KernelIdentity::release);
    }

    /**
     * Asks a board.
     *
     * @param board where it is logged in
     * @param buildHost the machine with the kernel tree; empty where that is not to be looked at
     * @throws dev.hil.link.LinkException where the board cannot be reached
     */
    public static Facts read(Shell board, Optional<Shell> buildHost, BoardDefinition definition) {
        String release = definition.plan().release().orElse("");
        ExecResult answer = board.exec(Command.rootScript(ASK, definition.boot().menu(), release)
                        .timeout(LIMIT)
                        .maxOutput(MOST_OUTPUT))
                .orThrow();
        Map<String, String> sections = pieces(answer.stdout());
        if (release.isEmpty()) {
            sections.remove("bootconfig");
        }
        if (buildHost.isPresent() && definition.kernel().isPresent()) {
            Kernel kernel = definition.kernel().get();
            ExecResult config = buildHost
                    .get()
                    .exec(Command.script(TREE, kernel.build().orElse(kernel.tree()))
                            .timeout(LIMIT)
                            .maxOutput(MOST_OUTPUT));
            if (config.ok()) {
                sections.put("treeconfig", config.stdout());
            }
        }
        return new Facts(definition, BoardFacts.of(definition, sections));
    }

    /** The answers whose command succeeded; the first one of a name counts. */
    static Map<String, String> pieces(String output) {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] pieces = output.split("\0", -1);
        for (int i = 0; i + 2 < pieces.length; i += 3) {
            if (pieces[i + 2].equals("0")) {
                sections.putIfAbsent(pieces[i], pieces[i + 1]);
            }
        }
        return sections;
    }
}
