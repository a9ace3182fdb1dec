package dev.hil.klog;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a report that is not about locks has to say. */
final class DetailParser {

    private static final int TRACE = 24;
    /** Among so many lines at its head a report says where it happened; other contexts may print between them. */
    private static final int HEADLINES = 16;

    private static final Pattern LOCATION =
            Pattern.compile("(?:\\bat |^WARNING: (?:\\[.*\\] )?|UBSAN: .* in )([\\w./+-]+\\.[chSrs]+:\\d+)");
    private static final Pattern WARN_FUNCTION = Pattern.compile("\\bat (?:\\S+:\\d+ )?([\\w.]+)\\+0x");
    private static final Pattern IN_FUNCTION = Pattern.compile(" in ([\\w.]+)(?:\\+0x|$| /)");
    private static final Pattern PROGRAM_COUNTER =
            Pattern.compile("^\\s*(?:RIP: (?:\\w+:)?|EIP: (?:\\w+:)?|PC is at |pc : |epc : |NIP \\[\\w+\\] |IP: )");
    private static final Pattern COMM = Pattern.compile("\\bComm: (\\S+)");
    private static final Pattern HANG_TASK = Pattern.compile("INFO: task (.+:\\d+) (?:blocked|can't)");
    private static final Pattern LOCKUP_TASK = Pattern.compile("\\[([^\\[\\]]+:\\d+)\\]$");
    private static final Pattern CPU = Pattern.compile("(?:CPU#|on cpu |CPU |on CPU#?|csd: .*on CPU#)(\\d{1,5})");
    private static final Pattern SECONDS = Pattern.compile("(?:for more than |stuck for |for )(\\d{1,9}) ?s");

    private DetailParser() {}

    static Detail parse(Kind kind, List<String> lines) {
        return switch (kind.category()) {
            case LOCKDEP -> LockdepParser.parse(kind, lines);
            case OOPS, PANIC -> crash(lines);
            case HANG -> hang(kind, lines);
            default -> plain(lines);
        };
    }

    private static Detail crash(List<String> lines) {
        List<String> trace = trace(lines);
        String pc = programCounter(lines);
        return new Detail.Crash(
                lines.isEmpty() ? "" : reason(lines),
                arch(lines),
                pc.isEmpty() ? Helpers.firstReal(trace) : pc,
                find(COMM, containing("Comm: ", lines)),
                trace);
    }

    private static String reason(List<String> lines) {
        String first = lines.get(0);
        boolean mark = first.contains("cut here");
        return mark && lines.size() > 1 ? lines.get(1) : first;
    }

    private static Detail hang(Kind kind, List<String> lines) {
        List<String> trace = trace(lines);
        String pc = programCounter(lines);
        String head = lines.isEmpty() ? "" : lines.get(0);
        String task = find(HANG_TASK, List.of(head));
        String cpu = find(CPU, kind == Kind.RCU_STALL ? lines : List.of(head));
        String seconds = find(SECONDS, List.of(head));
        return new Detail.Hang(
                task.isEmpty() ? find(LOCKUP_TASK, List.of(head)) : task,
                cpu.isEmpty() ? -1 : Integer.parseInt(cpu),
                seconds.isEmpty() ? -1 : Long.parseLong(seconds),
                kind == Kind.HUNG_TASK || pc.isEmpty() || Helpers.isHelper(pc) ? Helpers.firstReal(trace) : pc,
                trace);
    }

    private static Detail plain(List<String> lines) {
        List<String> trace = trace(lines);
        String location = find(LOCATION, lines.subList(0, Math.min(lines.size(), HEADLINES)));
        String function = "";
        for (int i = 0; i < Math.min(lines.size(), HEADLINES) && function.isEmpty(); i++) {
            String line = lines.get(i);
            Matcher warn = WARN_FUNCTION.matcher(line);
            Matcher in = IN_FUNCTION.matcher(line);
            if (line.contains("WARNING: ") && warn.find()) {
                function = Frames.plain(warn.group(1));
            } else if (line.contains("BUG: ") && in.find()) {
                function = Frames.plain(in.group(1));
            }
        }
        boolean vague = function.isEmpty() || Helpers.isHelper(function);
        String real = vague ? Helpers.firstReal(trace) : function;
        return new Detail.Plain(
                real.isEmpty() ? function : real, location, lines.isEmpty() ? "" : reason(lines), trace);
    }

    private static List<String> trace(List<String> lines) {
        int start = Frames.traceStart(lines);
        return start < 0 ? List.of() : Frames.functions(lines, start, lines.size(), TRACE);
    }

    private static String programCounter(List<String> lines) {
        for (String line : lines) {
            if (line.contains("+0x")) {
                Matcher matcher = PROGRAM_COUNTER.matcher(line);
                int offset = matcher.find() ? line.indexOf("+0x", matcher.end()) : -1;
                if (offset >= 0) {
                    return Frames.nameBefore(line.substring(matcher.end()), offset - matcher.end());
                }
            }
        }
        return "";
    }

    private static String arch(List<String> lines) {
        for (String line : lines) {
            String start = line.stripLeading();
            if (start.startsWith("RIP: ") || start.startsWith("EIP: ") || start.startsWith("RAX: ")) {
                return "x86";
            }
            if (start.startsWith("pstate: ") || start.startsWith("x29: ") || start.startsWith("ESR = 0x")) {
                return "arm64";
            }
            if (start.startsWith("PC is at ") || start.startsWith("8<--- cut") || start.startsWith("r10: ")) {
                return "arm";
            }
            if (start.startsWith("epc : ") || start.startsWith("badaddr")) {
                return "riscv";
            }
        }
        return "";
    }

    private static List<String> containing(String text, List<String> lines) {
        int first = Frames.indexOf(lines, text, 0);
        return first < 0 ? List.of() : List.of(lines.get(first));
    }

    private static String find(Pattern pattern, List<String> lines) {
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "";
    }
}
