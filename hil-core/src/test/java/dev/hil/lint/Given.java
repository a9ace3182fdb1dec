package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A board without fault, for tests to spoil: its definition as text, and its answers. */
final class Given {
    private static final String DEFINITION = """
            name = "given"
            capture = "ramoops"
            [machine]
            arch = "arm64"
            soc = "qemu-virt"
            [ssh]
            host = "given"
            [boot]
            menu = "/boot/extlinux/extlinux.conf"
            safe = "safe"
            test = "lockdep"
            [ramoops]
            address = 0x50000000
            size = 0x100000
            declared = "device-tree"
            record_size = 0x20000
            console_size = 0x40000
            pmsg_size = 0x20000
            ecc = 16
            survives = ["panic", "watchdog"]
            [kernel]
            tree = "/src/linux"
            make = ["LOCALVERSION=-lockdep"]
            series = "series"
            [attended]
            reboot = "free"
            [plan]
            release = "6.1.192-lockdep"
            safe_release = "6.1.192-safe"
            append = "panic=1 loglevel=7"
            recovery = "a recovery stick"
            [plan.config]
            PROVE_LOCKING = "y"
            PSTORE = "y"
            PSTORE_RAM = "y"
            PSTORE_CONSOLE = "y"
            """;

    /** What the emulated board said, running its safe kernel. */
    static final String IOMEM = """
            09000000-09000fff : pl011@9000000
              09000000-09000fff : 9000000.pl011 pl011@9000000
            40000000-5fffffff : System RAM
              40410000-408affff : Kernel code
              408b0000-408fffff : reserved
              40900000-40a8ffff : Kernel data
              50000000-500fffff : reserved
              5dda9000-5ddaafff : reserved
            4010000000-401fffffff : PCI ECAM
            """;

    static final String RESERVED = """
            #address-cells 00000002
            #size-cells 00000002
            ramoops@50000000/compatible 72616d6f6f707300
            ramoops@50000000/console-size 00040000
            ramoops@50000000/ecc-size 00000010
            ramoops@50000000/name 72616d6f6f707300
            ramoops@50000000/pmsg-size 00020000
            ramoops@50000000/record-size 00020000
            ramoops@50000000/reg 00000000500000000000000000100000
            """;

    private static final String MENU = """
            DEFAULT safe
            LABEL safe
            \tLINUX /boot/Image-6.1.192-safe
            \tAPPEND console=ttyAMA0 root=/dev/vda1 panic=1 loglevel=7
            LABEL lockdep
            \tLINUX /boot/Image-6.1.192-lockdep
            \tAPPEND console=ttyAMA0 root=/dev/vda1 panic=1 loglevel=7
            """;

    private static final String CONFIG = """
            CONFIG_LOCALVERSION=""
            # CONFIG_LOCALVERSION_AUTO is not set
            CONFIG_PROVE_LOCKING=y
            CONFIG_PSTORE=y
            CONFIG_PSTORE_RAM=y
            CONFIG_PSTORE_CONSOLE=y
            """;

    private final Path folder;
    private String definition = DEFINITION;
    private final Map<String, String> answers = new LinkedHashMap<>();

    Given(Path folder) {
        this.folder = folder;
        answers.put("machine", "aarch64\n");
        answers.put("compatible", "linux,dummy-virt\n");
        answers.put("release", "6.1.192-safe\n");
        answers.put("cmdline", "console=ttyAMA0 root=/dev/vda1 panic=1 loglevel=7\n");
        answers.put("iomem", IOMEM);
        answers.put("reserved", RESERVED);
        answers.put(
                "ramoops",
                "console_size=262144\ndump_oops=-1\necc=0\nmax_reason=2\nmem_address=1342177280\nmem_size=1048576\n");
        answers.put("cma", "");
        answers.put("menu", MENU);
        answers.put("bootconfig", CONFIG);
        answers.put("treeconfig", CONFIG);
        answers.put("config", CONFIG);
        answers.put("printk", "7\t4\t1\t7\n");
        answers.put("panic", "1\n");
        answers.put("tainted", "0\n");
        answers.put("lockdep", " lock-classes: 900 [max: 8192]\n debug_locks:                             1\n");
        answers.put("bootid", "4c9a1a5e-27b4-4d0c-8f2a-6ad2f38a5b11\n");
        answers.put("users", "");
        answers.put("systemdpstore", "no\n");
        answers.put("mounted", "yes\n");
        answers.put("readable", "yes\n");
        answers.put("watchdogs", "i6300ESB timer\n");
        answers.put("free", """
                Filesystem           1024-blocks    Used Available Capacity Mounted on
                /dev/root               482312     26612    419076   6% /
                """);
    }

    /** The definition with a text in place of another, which must be there. */
    Given with(String text, String instead) {
        if (!definition.contains(text)) {
            throw new IllegalArgumentException("the definition has no " + text);
        }
        definition = definition.replace(text, instead);
        return this;
    }

    /** The definition with lines at its end. */
    Given and(String lines) {
        definition += lines + "\n";
        return this;
    }

    Given answers(String name, String text) {
        answers.put(name, text);
        return this;
    }

    Given silent(String... names) {
        for (String name : names) {
            answers.remove(name);
        }
        return this;
    }

    BoardDefinition definition() {
        try {
            Files.writeString(folder.resolve("given.toml"), definition);
            return new BoardDefinitions(folder).get("given");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Facts facts() {
        BoardDefinition board = definition();
        return new Facts(board, BoardFacts.of(board, answers));
    }

    LintReport lint() {
        return Linter.run(facts());
    }
}
