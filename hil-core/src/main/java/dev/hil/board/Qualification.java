package dev.hil.board;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which parts of a board's log survive which class of reset, as it was tried out. Kept with the board's ledger, in
 * {@code HOME/BOARD/qualification.json}. It holds for the firmware, the device tree and the pstore settings with which
 * it was made: where any of them is another, it is void.
 *
 * @param board the board's name
 * @param key a hash of what it depends on
 * @param rows what came back, by class of reset
 */
public record Qualification(String board, String key, Map<ResetClass, Row> rows) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /**
     * What it depends on: firmware, model, reserved memory, and how ramoops is set up. The kernel itself may change, and
     * so may its command line beyond that.
     */
    private static final String FACTS = "for f in /proc/device-tree/model /proc/device-tree/compatible"
            + " /proc/device-tree/chosen/u-boot,version /sys/class/dmi/id/bios_version /sys/class/dmi/id/board_name;"
            + " do [ -r \"$f\" ] && { echo \"$f\"; tr '\\0' '\\n' < \"$f\"; echo; }; done;"
            + " [ -d /proc/device-tree/reserved-memory ] && find /proc/device-tree/reserved-memory -type f"
            + " ! -name phandle ! -name linux,phandle -exec sha256sum {} \\; | sort;"
            // Readable by root only.
            + " for f in /sys/module/ramoops/parameters/* /sys/module/pstore/parameters/*; do"
            + " [ -e \"$f\" ] && { echo \"$f\"; as_root cat \"$f\" 2>/dev/null; }; done; :";

    public Qualification {
        rows = Map.copyOf(rows);
    }

    /**
     * What came back after one reset.
     *
     * @param at when it was tried
     * @param verdict what the reset was taken for
     * @param console whether the log of the boot that ended came back
     * @param dmesg whether the kernel's last words came back
     * @param pmsg whether what user space had written came back
     * @param wrongBits bits of known content that came back wrong
     * @param bits bits of it that came back
     */
    public record Row(
            String at, ResetVerdict verdict, boolean console, boolean dmesg, boolean pmsg, long wrongBits, long bits) {
        String words() {
            return "the log %s, the last words (dmesg) %s, pmsg %s, wrong bits: %s"
                    .formatted(cameBack(console), cameBack(dmesg), cameBack(pmsg), wrong());
        }

        private static String cameBack(boolean back) {
            return back ? "came back" : "did not come back";
        }

        private String wrong() {
            return bits == 0 ? "-" : wrongBits + " of " + bits;
        }

        static Row of(Reset reset) {
            Capture capture = reset.capture();
            return new Row(
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    reset.verdict(),
                    capture.console(),
                    capture.dmesg(),
                    capture.pmsg(),
                    capture.wrongBits() + capture.lost(),
                    capture.bits());
        }
    }

    /** The key of the board as it is now. */
    static String key(Shell shell) {
        return Sha256.of(shell.exec(Command.rootScript(FACTS).timeout(Duration.ofSeconds(30)))
                        .orThrow()
                        .stdout())
                .substring(0, 16);
    }

    static Path file(Path home, String board) {
        return home.resolve(board).resolve("qualification.json");
    }

    /**
     * What was tried out earlier.
     *
     * @return empty where there is nothing, or nothing that holds for a board with this key
     * @throws InfrastructureException where the file is damaged
     */
    static Optional<Qualification> read(Path file, String key) {
        try {
            Qualification kept = JSON.readValue(Files.readString(file, StandardCharsets.UTF_8), Qualification.class);
            return Optional.of(kept).filter(found -> found.key().equals(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the qualification %s cannot be read: %s. Remove it and run `hil doctor --qualify` again."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** This, with a row more. */
    Qualification with(ResetClass reset, Row row) {
        Map<ResetClass, Row> all = new EnumMap<>(ResetClass.class);
        all.putAll(rows);
        all.put(reset, row);
        return new Qualification(board, key, all);
    }

    /** As it is kept. */
    String json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "qualification", ".part");
            Files.writeString(part, json());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InfrastructureException("cannot keep the qualification in %s: %s".formatted(file, e), e);
        }
    }

    /** Whether the log of the boot that ended comes back after such a reset: the console, or what user space wrote. */
    public boolean survives(ResetClass reset) {
        Row row = rows.get(reset);
        return row != null && (row.console() || row.pmsg());
    }

    /** Whether a panic leaves both the log of the boot that ended and the kernel's last words in ramoops. */
    public boolean capturesPanic() {
        Row row = rows.get(ResetClass.PANIC);
        return row != null && row.console() && row.dmesg();
    }

    /** What is known of one class of reset, in a sentence. */
    public String words(ResetClass reset) {
        Row row = rows.get(reset);
        return row == null
                ? ("what survives a %s of board %s was not tried out yet with its present firmware, device tree and pstore"
                                + " settings")
                        .formatted(reset, board)
                : "tried out %s, and valid for the present firmware, device tree and pstore settings: after a %s %s"
                        .formatted(row.at(), reset, row.words());
    }

    /** As a table for people. */
    public String table() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-28s %-8s %-8s %-8s %-14s %s%n",
                "reset",
                "console",
                "dmesg",
                "pmsg",
                "wrong bits",
                "tried"));
        for (ResetClass reset : ResetClass.values()) {
            Row row = rows.get(reset);
            text.append(
                    row == null
                            ? String.format(Locale.ROOT, "%-28s not tried%n", reset)
                            : String.format(
                                    Locale.ROOT,
                                    "%-28s %-8s %-8s %-8s %-14s %s%n",
                                    reset,
                                    word(row.console()),
                                    word(row.dmesg()),
                                    word(row.pmsg()),
                                    row.wrong(),
                                    row.at()));
        }
        return text.toString();
    }

    private static String word(boolean back) {
        return back ? "back" : "no";
    }
}
