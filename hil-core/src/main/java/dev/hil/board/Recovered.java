package dev.hil.board;

import dev.hil.board.ResetEvidence.Memory;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KlogResult;
import dev.hil.klog.KlogScanner;
import dev.hil.klog.Severity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One pstore record, and what it has to say of the boot that ended.
 *
 * @param record the record
 * @param text its content, a character for each byte
 * @param log what the scanner made of it
 * @param canary what of that boot's canary is in it
 * @param whose how it is known whether it is that boot's
 */
record Recovered(PstoreRecord record, String text, KlogResult log, Canary.Returned canary, Whose whose) {
    /** What pstore calls a record that it could not decompress (fs/pstore/inode.c). */
    private static final String PACKED = ".enc.z";

    private static final String NOT_SYNCING = "Kernel panic - not syncing";
    private static final Pattern STAMP = Pattern.compile("\\[ *\\d+\\.\\d{6}]");
    private static final Pattern ECC =
            Pattern.compile("(?m)^(?:ECC: )?(\\d{1,9}) Corr\\w+ bytes, (\\d{1,9}) unrecoverable blocks$");

    /** How a record is matched to a boot. */
    enum Whose {
        CANARY("holds this boot's canary"),
        LINES("holds lines of this boot"),
        /** Of last words in which nothing can be read that would contradict it. */
        TIME("is of this boot by its time alone"),
        OTHER("is not of this boot");

        private final String words;

        Whose(String words) {
            this.words = words;
        }
    }

    /**
     * Reads the copy of a record.
     *
     * @param canary of the boot that ended
     * @param tail of its live log
     * @param times when it ran
     */
    static Recovered read(PstoreRecord record, Canary canary, LiveTail tail, BootTimes times) {
        try {
            byte[] bytes = Files.readAllBytes(record.copy());
            KlogResult log = KlogScanner.scan(new ByteArrayInputStream(bytes));
            Canary.Returned returned = canary.in(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            boolean mute = record.kind() == PstoreRecord.Kind.DMESG && !hasStamps(text);
            Whose whose = returned.isBack()
                    ? Whose.CANARY
                    : tail.isIn(text) ? Whose.LINES : mute && times.hold(record.modified()) ? Whose.TIME : Whose.OTHER;
            return new Recovered(record, text, log, returned, whose);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the evidence " + record.copy(), e);
        }
    }

    /** Whether it is of the boot that ended. */
    boolean ours() {
        return whose != Whose.OTHER;
    }

    /** Whether it is the kernel's last words at a panic; an oops alone need not be the end. */
    boolean isPanic() {
        return header("Panic")
                || log.findings().stream()
                        .anyMatch(finding -> finding.kind() == Kind.PANIC
                                || finding.lines().stream().anyMatch(line -> line.contains(NOT_SYNCING)));
    }

    /**
     * What the kernel died of. A dmesg record that says by its first line (fs/pstore/platform.c) that it was written at a
     * panic or an oops says so also where wrong bits have made its text unreadable.
     */
    Optional<String> death() {
        Optional<String> said = fatal().map(Finding::title);
        boolean packed = record.name().endsWith(PACKED);
        boolean written = record.kind() == PstoreRecord.Kind.DMESG && (header("Panic") || header("Oops") || packed);
        if (said.isPresent() || !written) {
            return said;
        }
        String what = packed
                ? "last words that the kernel could not unpack"
                : header("Panic") ? "a panic; its text is damaged" : "an oops; its text is damaged";
        return Optional.of("%s, see %s".formatted(what, record.copy()));
    }

    private boolean header(String reason) {
        return text.startsWith(reason + "#");
    }

    /** The report that the boot died of, if it holds one. */
    Optional<Finding> fatal() {
        return log.findings().stream()
                .filter(finding -> finding.severity() == Severity.FATAL)
                .findFirst();
    }

    /** What it is and holds, in a sentence. */
    String describe() {
        String owner = whose.words + bits(canary);
        String dead = death().map(words -> ": " + words).orElse("");
        String ecc = ecc(text).map(words -> "; " + words).orElse("");
        return "%s (%s, %s) %s%s%s"
                .formatted(
                        record.path(),
                        record.kind().name().toLowerCase(Locale.ROOT),
                        record.modified(),
                        owner,
                        dead,
                        ecc);
    }

    private static String bits(Canary.Returned returned) {
        return returned.wrongBits() == 0
                ? ""
                : ", with %d of %d bits wrong".formatted(returned.wrongBits(), returned.bits());
    }

    private static Optional<String> ecc(String text) {
        Matcher matcher = ECC.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** What all of them together say of the memory. */
    static Capture capture(List<Recovered> read) {
        boolean console = false;
        boolean dmesg = false;
        boolean pmsg = false;
        long wrong = 0;
        long bits = 0;
        long corrected = 0;
        long lost = 0;
        for (Recovered one : read) {
            if (!one.ours()) {
                continue;
            }
            console |= one.record().kind() == PstoreRecord.Kind.CONSOLE;
            dmesg |= one.record().kind() == PstoreRecord.Kind.DMESG;
            pmsg |= one.record().kind() == PstoreRecord.Kind.PMSG;
            wrong += one.canary().wrongBits();
            bits += one.canary().bits();
            Matcher matcher = ECC.matcher(one.text());
            if (matcher.find()) {
                corrected += Long.parseLong(matcher.group(1));
                lost += Long.parseLong(matcher.group(2));
            }
        }
        return new Capture(console, dmesg, pmsg, wrong, bits, corrected, lost);
    }

    /** Whether the memory kept what had been in it. */
    static Memory memory(
            boolean readable,
            Optional<BootFacts> facts,
            Optional<BootFacts> next,
            List<Recovered> read,
            List<String> notes) {
        List<Recovered> rings = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.CONSOLE
                        || one.record().kind() == PstoreRecord.Kind.PMSG)
                .toList();
        if (read.stream().anyMatch(Recovered::ours)) {
            return Memory.KEPT;
        }
        if (rings.stream().anyMatch(one -> hasStamps(one.text()))) {
            return Memory.OTHER_BOOT;
        }
        boolean backed = next.map(BootFacts::backend).filter("ramoops"::equals).isPresent();
        boolean written = facts.map(fact -> fact.pmsgWritten() || (fact.kmsgWritten() && fact.showsWarnings()))
                .orElse(false);
        if (!readable || !backed || !written) {
            notes.add(
                    !written
                            ? "it is not known that anything had been written to the memory of ramoops in that boot"
                            : "the kernel that followed has no ramoops, or it could not be read");
            return Memory.NOT_KNOWN;
        }
        notes.add("the canary of that boot, which had been written, did not come back");
        return Memory.GONE;
    }

    private static boolean hasStamps(String text) {
        return STAMP.matcher(text).find();
    }
}
