package dev.hil.klog;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Makes of a report the one that another build of the same kernel would print for the same defect. */
final class Rebuild {

    private static final Pattern ADDRESS =
            Pattern.compile("\\b[0-9a-f]{16}\\b|\\b[0-9a-f]{8}\\b(?= \\()|(?<=\\[<)[0-9a-f]{8}(?=>\\])");
    private static final Pattern OFFSET = Pattern.compile("\\+0x[0-9a-f]+/0x[0-9a-f]+");
    private static final Pattern PID =
            Pattern.compile("(?<=PID: )\\d+|(?<=[a-z0-9.:-]/)\\d+(?=[: ]|$| \\[HC)|(?<=pid=)\\d+", Pattern.MULTILINE);
    private static final Pattern CPU = Pattern.compile("(?<=CPU: )\\d+|(?<=CPU#)\\d+");
    private static final Pattern VERSION = Pattern.compile("#\\d+(?=\\)\\{|\\);|/\\d|$| -->)", Pattern.MULTILINE);
    private static final Pattern LINE = Pattern.compile("(?<=\\.[chS]:)\\d+");
    private static final Pattern SUFFIX = Pattern.compile("\\.(?:isra|constprop|part|cold)\\.\\d+(?=\\+0x)");
    private static final Pattern RELEASE = Pattern.compile(
            "(?<=Not tainted )\\S+ #\\d+|^(\\[[^\\]]*\\] ?)?\\d\\.\\d+\\.\\d+\\S* #\\d+(?= )", Pattern.MULTILINE);

    private Rebuild() {}

    static byte[] mutate(byte[] log, Random random) {
        String text = new String(log, StandardCharsets.ISO_8859_1);
        text = each(ADDRESS, text, match -> hex(random, match.group().length()));
        text = each(OFFSET, text, match -> "+0x" + hex(random, 2) + "/0x" + hex(random, 3));
        text = each(PID, text, match -> Integer.toString(1 + random.nextInt(30_000)));
        text = each(CPU, text, match -> Integer.toString(random.nextInt(8)));
        text = each(VERSION, text, match -> "#" + (2 + random.nextInt(90)));
        text = each(LINE, text, match -> Integer.toString(1 + random.nextInt(5000)));
        text = each(SUFFIX, text, match -> random.nextBoolean() ? "" : ".isra." + random.nextInt(30));
        text = each(RELEASE, text, match -> match.group().replaceFirst("\\d\\.\\d+\\.\\d+\\S* #\\d+", "6.13.0-rc1 #7"));
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String each(Pattern pattern, String text, Function<MatchResult, String> other) {
        return pattern.matcher(text).replaceAll(match -> java.util.regex.Matcher.quoteReplacement(other.apply(match)));
    }

    private static String hex(Random random, int digits) {
        StringBuilder hex = new StringBuilder("f");
        while (hex.length() < digits) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }
}
