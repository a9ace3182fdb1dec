package dev.hil.klog;

import java.util.Arrays;
import java.util.Set;

/** What sort of line a message is inside a report. */
enum Body {
    BLANK,
    /** A stack frame, or a mark between frames ({@code <TASK>}). */
    FRAME,
    /** The line that announces frames. */
    TRACE_HEADER,
    /** Registers, code bytes, hex dumps, page tables. */
    MACHINE,
    /** CPU, task, hardware, modules, held locks: lines that reports are made of, in words. */
    CONTEXT,
    /** {@code ---[ end trace … ]---}. */
    END_TRACE,
    /** {@code =====}. */
    RULE,
    OTHER;

    private static final int MIN_RULE = 20;

    private static final Set<String> MACHINE_WORDS = Set.of(
            "RIP",
            "RSP",
            "RAX",
            "RBX",
            "RDX",
            "RSI",
            "RBP",
            "RDI",
            "EIP",
            "EAX",
            "EBX",
            "ECX",
            "EDX",
            "ESI",
            "EDI",
            "EBP",
            "ESP",
            "FS",
            "CS",
            "DS",
            "ES",
            "GS",
            "SS",
            "CR0",
            "CR2",
            "CR3",
            "CR4",
            "DR0",
            "DR1",
            "DR2",
            "DR3",
            "DR6",
            "DR7",
            "PKRU",
            "EFLAGS",
            "ORIG_RAX",
            "IP",
            "Code",
            "Code:",
            "pc",
            "lr",
            "sp",
            "psr",
            "ip",
            "fp",
            "pstate",
            "PC",
            "LR",
            "epc",
            "ra",
            "gp",
            "tp",
            "status",
            "orig_a0",
            "GPR00",
            "GPR04",
            "GPR08",
            "GPR12",
            "GPR16",
            "GPR20",
            "GPR24",
            "GPR28",
            "NIP",
            "CTR",
            "MSR",
            "CFAR",
            "PGD",
            "pgd",
            "P4D",
            "ESR",
            "EC",
            "SET",
            "FSC",
            "ISV",
            "CM",
            "GCS",
            "DF",
            "EA",
            "WnR",
            "Flags",
            "Control",
            "Krnl",
            "PSW",
            "EPC",
            "hi",
            "lo",
            "Hi",
            "Lo",
            "Epc",
            "Ra",
            "Status",
            "Cause",
            "BadVA",
            "PrId",
            "Stack",
            "raw",
            "page",
            "Oops",
            "#PF",
            "BTYPE",
            "x0",
            "x1",
            "badaddr",
            "ESTAT",
            "ERA",
            "CRMD",
            "PRMD",
            "EUEN",
            "ECFG",
            "BADV",
            "PRID",
            "kernel:");

    private static final String[] CONTEXT_STARTS = {
        "CPU:",
        "Hardware name:",
        "Workqueue:",
        "Modules linked in",
        "Tainted:",
        "task:",
        "task.stack",
        "Kernel Offset:",
        "irq event stamp",
        "hardirqs last",
        "softirqs last",
        "Preemption disabled",
        "Dumping ftrace",
        "(ftrace buffer empty)",
        "last sysfs file",
        "Unloaded tainted modules",
        "Last Breaking-Event",
        "Mem abort info",
        "Data abort info",
        "swapper pgtable",
        "user pgtable",
        "Exception stack",
        "Process ",
        "Register ",
        "Memory state around",
        "Internal error:",
        "Oops: ",
        "invalid opcode:",
        "SMP",
        "PREEMPT",
        "note: ",
        "kasan: ",
        "KASAN: ",
        "general protection fault",
        "Kernel panic - not syncing",
        "Rebooting in ",
        "---[ end Kernel panic",
        "SMP: stopping secondary CPUs",
        "Shutting down cpus",
        "CPU features:",
        "Memory Limit:",
        "PHYS_OFFSET:",
        "Disabling lock debugging",
        "fbcon_",
        "Sending NMI",
        "NMI backtrace",
        "INFO: lockdep is turned off",
        "Showing all locks held",
        "Showing busy workqueues",
        "Showing backtraces of",
        "Call Trace",
        "Caller is",
        "caller is",
        "last function:",
        "irq stack",
        "EXT4",
        "Object ",
        "Padding ",
        "Redzone ",
        "Bytes b4",
        "CPU#",
        "rcu:",
        "Task dump for CPU",
        "workqueue ",
        "pool ",
        "pending:",
        "in-flight:",
        "pwq ",
        "flags: ",
        "page dumped because",
        "page_owner",
        "head:",
        "mapping:",
        "addr:",
        "file:",
        "no locks held",
        "other info that might",
        "Freed by",
        "Allocated by",
        "Last potentially related",
        "Second to last",
        "The buggy address",
        "Read of size",
        "Write of size",
        "freed by task",
        "allocated by task",
        "which belongs to",
        "Local variable",
        "Uninit was",
        "Bytes "
    };

    private static final String[] NONE = {};
    private static final String[][] CONTEXT_BY_LETTER = byLetter();

    private static String[][] byLetter() {
        String[][] letters = new String[128][];
        for (char c = 0; c < letters.length; c++) {
            char letter = c;
            letters[c] = Arrays.stream(CONTEXT_STARTS)
                    .filter(start -> start.charAt(0) == letter)
                    .toArray(String[]::new);
        }
        return letters;
    }

    static Body of(String text) {
        int length = text.length();
        int at = 0;
        while (at < length && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        if (at == length) {
            return BLANK;
        }
        char c = text.charAt(at);
        if (c == '=' && isRule(text, at)) {
            return RULE;
        }
        if (c == '-' && text.startsWith("---[ end trace ", at)) {
            return END_TRACE;
        }
        if (isFrame(text, at, c)) {
            return FRAME;
        }
        if (isTraceHeader(text, at)) {
            return TRACE_HEADER;
        }
        if (isMachine(text, at)) {
            return MACHINE;
        }
        return isContext(text, at, c) ? CONTEXT : OTHER;
    }

    /** Whether such a line can stand after the first frame of a stack trace without ending it. */
    boolean continuesTrace() {
        return this == FRAME || this == MACHINE || this == TRACE_HEADER || this == BLANK;
    }

    private static boolean isRule(String text, int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) == '=') {
            end++;
        }
        return end == text.length() && end - at >= MIN_RULE;
    }

    private static boolean isFrame(String text, int at, char c) {
        if (c == '[' && text.startsWith("[<", at)) {
            return true;
        }
        if (c == '<') {
            return text.length() - at < 20 && text.endsWith(">");
        }
        int offset = text.indexOf("+0x", at);
        if (offset < 0) {
            return text.startsWith("--- interrupt", at) || text.startsWith("? 0x", at);
        }
        int size = text.indexOf("/0x", offset);
        return size > 0 && size - offset < 24 && functionEndsAt(text, at, offset);
    }

    /** The text from {@code at} to the offset must be one name, with {@code ? } and {@code [<address>] } allowed before it. */
    private static boolean functionEndsAt(String text, int at, int offset) {
        int from = text.startsWith("? ", at) ? at + 2 : at;
        int space = text.indexOf(' ', from);
        return space < 0 || space > offset || text.startsWith("(", from);
    }

    private static boolean isTraceHeader(String text, int at) {
        return text.startsWith("Call Trace:", at)
                || text.startsWith("Call trace:", at)
                || text.startsWith("Backtrace:", at)
                || text.startsWith("backtrace:", at)
                || text.startsWith("stack backtrace:", at)
                || text.startsWith("Stack:", at);
    }

    private static boolean isMachine(String text, int at) {
        int end = at;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        int length = end - at;
        if (length == 0 || length > 18) {
            return text.startsWith("#PF", at)
                    || text.startsWith(">ffff", at)
                    || text.startsWith("^", at)
                    || text.startsWith("...", at);
        }
        String word = text.substring(at, end);
        if ((length == 16 || length == 8) && isHex(word)) {
            return true;
        }
        boolean separated = end < text.length() && ":= ".indexOf(text.charAt(end)) >= 0;
        return separated && (MACHINE_WORDS.contains(word) || isRegister(text, word, end));
    }

    /** {@code x29: ffff…}, {@code R10: …}, {@code r4 : …}, {@code t0 : …}, {@code DR3: …}. */
    private static boolean isRegister(String text, String word, int end) {
        if (word.length() < 2 || word.length() > 4 || !Character.isDigit(word.charAt(word.length() - 1))) {
            return false;
        }
        int colon = text.charAt(end) == ' ' ? end + 1 : end;
        return colon < text.length() && text.charAt(colon) == ':' && "xrRtsaDGwvw$".indexOf(word.charAt(0)) >= 0;
    }

    private static boolean isContext(String text, int at, char c) {
        String[] starts = c < CONTEXT_BY_LETTER.length ? CONTEXT_BY_LETTER[c] : NONE;
        for (String start : starts) {
            if (text.startsWith(start, at)) {
                return true;
            }
        }
        if (c == '#') {
            return at + 1 < text.length()
                    && Character.isDigit(text.charAt(at + 1))
                    && (text.indexOf(": ", at) > 0 || text.endsWith(":"));
        }
        return c >= '0' && c <= '9' && text.contains(" held by ");
    }

    private static boolean isWord(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isHex(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (Character.digit(word.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
