package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiteralsTest {

    static List<String> all() {
        List<String> literals = new ArrayList<>();
        Rules.REPORTS.forEach(rule -> literals.add(rule.literal()));
        for (Event event : Event.values()) {
            literals.addAll(event.literals());
        }
        return literals;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void findsEachStringWhereverItStands() {
        for (String literal : all()) {
            for (int before = 0; before < 20; before++) {
                byte[] last = bytes("-".repeat(before) + literal);
                Literals.Hits hits = Literals.ALL.hits();
                assertThat(Literals.ALL.collect(last, 0, last.length, hits))
                        .as("%s at the end, after %d bytes", literal, before)
                        .isTrue();
            }
        }
    }

    @Test
    void aShortStringIsAWord() {
        byte[] line = bytes("[    1.000000] logger: !@Boot_DEBUG: start\n");
        assertThat(Literals.ALL.collect(line, 0, line.length, Literals.ALL.hits()))
                .isFalse();
    }

    /** What lets lines be skipped: no pattern accepts a message without its string. */
    @Test
    void noPatternMatchesWithoutItsString() {
        int matched = 0;
        for (Corpus.Case sample : Corpus.cases(Corpus.directory())) {
            for (String line : new String(sample.log(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList()) {
                for (Message message : PrefixParser.parse(line, 1, 0, 0)) {
                    for (Rule rule : Rules.REPORTS) {
                        if (rule.pattern().matcher(message.text()).find()) {
                            matched++;
                            assertThat(anyStands(message.text()))
                                    .as(message.text())
                                    .isTrue();
                        }
                    }
                }
            }
        }
        assertThat(matched).isGreaterThan(1000);
    }

    private static boolean anyStands(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Literals.ALL.collect(bytes, 0, bytes.length, Literals.ALL.hits());
    }
}
