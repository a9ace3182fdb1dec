package dev.hil.klog;

import dev.hil.klog.Message.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Makes sense of lines. Does nothing with a line that holds none of the {@link Literals} while it is {@link #idle},
 * except for remembering its stamp; that is what allows the scanner to skip such lines unread.
 */
final class Interpreter {

    private final Findings findings;
    private final BootTracker boots;
    private final Expectations expectations = new Expectations();
    private final Reports reports;
    private final Parts parts = new Parts();
    private final Replay replay = new Replay();
    private final JournalExport export = new JournalExport(this::journalRecord);
    private final Literals.Hits hits = Literals.ALL.hits();
    private boolean linesBefore;
    private boolean stampsSeen;
    private int lastPart;
    /** Where the stored record that is being read begins; a log that is none begins with the first line. */
    private long recordLine = 1;

    private long recordOffset;

    Interpreter(KlogListener listener, KnownIssues known) {
        findings = new Findings(listener, known);
        boots = new BootTracker(listener, findings);
        reports = new Reports(findings, expectations, listener, replay);
    }

    /** Whether lines without a literal may be left out from here on, their stamps apart. */
    boolean idle() {
        return reports.isEmpty()
                && !boots.wantsEveryLine()
                && !expectations.wantsEveryLine()
                && !replay.wantsEveryLine()
                && !parts.active()
                && !export.active();
    }

    /** Whether a line stamped so must be given in although nothing else speaks for it. */
    boolean goesBack(long micros) {
        return !replay.on() && boots.goesBack(micros);
    }

    /** The newest stamp of lines that were left out. */
    void skippedStamp(long micros) {
        linesBefore = true;
        stamp(micros);
    }

    private void stamp(long micros) {
        stampsSeen = true;
        if (replay.on() && micros <= boots.lastMicros()) {
            return;
        }
        replay.end();
        boots.stamp(micros);
    }

    void skippedText() {
        linesBefore = true;
    }

    /**
     * Takes one physical line, without its newline.
     *
     * @param number of the line, from 1
     * @param offset of its first byte in the log
     */
    void line(byte[] bytes, int from, int to, long number, long offset) {
        if (parts.take(bytes, from, to, number, offset)) {
            return;
        }
        if (parts.active()) {
            releaseParts();
            if (parts.take(bytes, from, to, number, offset)) {
                return;
            }
        }
        ordered(bytes, from, to, number, offset);
    }

    private void releaseParts() {
        for (Replay.Line line : parts.release()) {
            ordered(line.bytes(), 0, line.bytes().length, line.number(), line.offset());
        }
    }

    private void ordered(byte[] bytes, int from, int to, long number, long offset) {
        if (replay.undecided()) {
            replay.hold(bytes, from, to, number, offset);
            weigh(bytes, from, to, number, offset);
        } else {
            decided(bytes, from, to, number, offset);
        }
    }

    private void weigh(byte[] bytes, int from, int to, long number, long offset) {
        String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        List<Message> messages = PrefixParser.parse(raw, number, offset, offset + (to - from));
        boolean goesOn = messages.stream().anyMatch(message -> message.micros() > boots.lastMicros());
        if (replay.weigh(messages) || goesOn || firmware(bytes, from, to, messages)) {
            decide(goesOn);
        }
    }

    private boolean firmware(byte[] bytes, int from, int to, List<Message> messages) {
        return Literals.ALL.collect(bytes, from, to, hits)
                && messages.stream().map(this::event).anyMatch(Interpreter::isProof);
    }

    /** Firmware and journalctl speak at a boot only. */
    private static boolean isProof(@Nullable Event event) {
        return event == Event.FIRMWARE || event == Event.JOURNAL_BOOT;
    }

    private void decide(boolean goesOn) {
        for (Replay.Line line : replay.decide(goesOn)) {
            ordered(line.bytes(), 0, line.bytes().length, line.number(), line.offset());
        }
        replay.read();
    }

    private void decided(byte[] bytes, int from, int to, long number, long offset) {
        boolean hit = Literals.ALL.collect(bytes, from, to, hits);
        if (export.active()) {
            export.line(bytes, from, to, number, offset);
            return;
        }
        long micros = Stamps.micros(bytes, from, to);
        boolean back = micros >= 0 && goesBack(micros);
        if (hit || back || !idle()) {
            String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            List<Message> messages = PrefixParser.parse(raw, number, offset, offset + (to - from));
            Event start = hit ? startOfBoot(messages) : null;
            if ((back || start != null) && !isProof(start) && boots.isOpen() && suspect(start != null, micros)) {
                if (replay.undecided()) {
                    replay.hold(bytes, from, to, number, offset);
                    return;
                }
            } else if (back && start == null) {
                newBoot();
                boots.timeWentBack(messages.get(0));
            }
            replay.remember(messages);
            for (Message message : messages) {
                message(message, hit);
            }
        }
        if (micros >= 0) {
            stamp(micros);
        }
        linesBefore |= to - from > 1;
    }

    /** Whether what seems to be another boot may be the log of this one, printed again. */
    private boolean suspect(boolean banner, long micros) {
        long behind = micros < 0 ? 0 : boots.lastMicros() - micros;
        return replay.suspect(banner, micros, behind);
    }

    private @Nullable Event startOfBoot(List<Message> messages) {
        for (Message message : messages) {
            Event event = event(message);
            if (event != null && boots.startsBoot(event, message, linesBefore)) {
                return event;
            }
        }
        return null;
    }

    private void newBoot() {
        replay.newBoot();
        reports.newBoot();
        expectations.newBoot();
    }

    private void journalRecord(Message message) {
        byte[] bytes = message.text().getBytes(StandardCharsets.UTF_8);
        message(message, Literals.ALL.collect(bytes, 0, bytes.length, hits));
        linesBefore = true;
    }

    private void message(Message message, boolean hit) {
        Event event = hit ? event(message) : null;
        if (event != null) {
            event(event, message);
            if (event != Event.SYSRQ_CRASH && event != Event.DEBUG_LOCKS_ZERO && event != Event.PANIC_REBOOT) {
                expectations.hear(event, message);
                reports.take(message, null, boots.index());
                return;
            }
            expectations.hear(event, message);
        }
        expectations.line(message);
        if (message.source() == Source.USER) {
            return;
        }
        Rule rule = hit ? rule(message) : null;
        if (rule != null) {
            consequences(rule, message);
        }
        reports.take(message, rule, boots.index());
    }

    private @Nullable Event event(Message message) {
        for (Event event : Literals.ALL.events(hits)) {
            if (event.pattern().matcher(message.text()).find() && mayTell(event, message)) {
                return event;
            }
        }
        return null;
    }

    /** What a process prints is no event, except that systemd and journalctl tell of shutdowns and boots. */
    private static boolean mayTell(Event event, Message message) {
        return switch (event) {
            case CLEAN_END, WATCHDOG_DEVICE, JOURNAL_BOOT -> true;
            case FIRMWARE, PSTORE_RECORD, ECC, RESET_CAUSE -> message.source() != Source.USER && !message.stamped();
            default -> message.source() != Source.USER;
        };
    }

    private @Nullable Rule rule(Message message) {
        for (Rule rule : Literals.ALL.rules(hits)) {
            if (rule.matches(message.text(), Traps::isTrap) && speaks(rule, message)) {
                return rule;
            }
        }
        return null;
    }

    /** Headlines in free words count only as the kernel's, and only if they are not among the harmless ones. */
    private boolean speaks(Rule rule, Message message) {
        if (rule.kind() != Kind.WARN_TEXT && rule.kind() != Kind.BUG_TEXT) {
            return true;
        }
        boolean process = stampsSeen && message.source() == Source.UNKNOWN;
        return !process && !(rule.kind() == Kind.WARN_TEXT && Traps.isHarmlessWarning(message.text()));
    }

    private void consequences(Rule rule, Message message) {
        Kind kind = rule.kind();
        if (kind.turnsLockdepOff()) {
            boots.lockdep().off(message.line(), message.text());
        }
        if (kind.isSplat() && kind.category() == Category.LOCKDEP) {
            boots.lockdep().splat(message.line());
        }
        if (kind == Kind.PANIC) {
            boots.died(message);
        } else if (kind.category() == Category.OOPS) {
            boots.wounded(message);
        }
    }

    private void event(Event event, Message message) {
        switch (event) {
            case FIRMWARE, BOOTING_LINUX, LINUX_VERSION, JOURNAL_BOOT -> {
                if (replay.on() && !isProof(event)) {
                    return;
                }
                boolean newBoot = boots.startsBoot(event, message, linesBefore);
                if (newBoot) {
                    newBoot();
                }
                boots.boot(event, message, newBoot);
            }
            case CLEAN_END -> boots.ordered(message);
            case PANIC_REBOOT -> boots.died(message);
            case WATCHDOG_LEFT -> boots.watchdogLeft(message);
            case WATCHDOG_DEVICE -> boots.note(message);
            case RESET_CAUSE -> boots.resetCause(message);
            case LOCKDEP_BANNER -> boots.lockdep().banner(message.line());
            case LOCKDEP_TABLE -> boots.lockdep().table(message);
            case LOCKDEP_IS_OFF, DEBUG_LOCKS_ZERO, PROVE_LOCKING_OFF ->
                boots.lockdep().off(message.line(), message.text());
            case PSTORE_RECORD -> pstoreRecord(message);
            case ECC -> recordEnds(event, message);
            case JOURNAL_EXPORT -> export.begin();
            default -> {}
        }
    }

    /** Parts are stored newest first, so a text that counts them down reads on; anything else is another record. */
    private void pstoreRecord(Message message) {
        String text = message.text();
        int part = parse(text.substring(text.lastIndexOf("Part") + 4));
        if (part != lastPart - 1) {
            reports.closeAll();
            findings.recordBegins();
            recordLine = message.line();
            recordOffset = message.start();
        }
        lastPart = part;
    }

    /** ramoops adds to each text what its error correction had to do; what it could not mend is lost or wrong. */
    private void recordEnds(Event event, Message message) {
        Matcher matcher = event.pattern().matcher(message.text());
        boolean damaged = matcher.find() && matcher.group(2) != null && parse(matcher.group(2)) > 0;
        if (damaged) {
            reports.closeAll();
        } else {
            reports.closeEnded();
        }
        findings.recordEnds(damaged);
        if (damaged) {
            findings.spanning(Kind.DAMAGED_RECORD, Severity.WARNING, message, recordLine, recordOffset, boots.index());
        }
        lastPart = 0;
        recordLine = message.line() + 1;
        recordOffset = message.end() + 1;
    }

    private static int parse(String digits) {
        return digits.length() > 6 ? 0 : Integer.parseInt(digits);
    }

    void damaged() {
        findings.damaged();
    }

    /** Hands out what is complete; called when the stream has fallen silent. */
    void idleNow() {
        releaseParts();
        undecidedNoMore();
        reports.closeEnded();
        findings.recordEnds(false);
    }

    void finish(long lines) {
        releaseParts();
        undecidedNoMore();
        export.finish();
        reports.closeAll();
        findings.recordEnds(false);
        boots.finish(lines);
    }

    private void undecidedNoMore() {
        while (replay.undecided()) {
            decide(false);
        }
    }
}
