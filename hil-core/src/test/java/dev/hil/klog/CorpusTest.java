package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What others have collected: each diagnostic is found, nothing else is, and lockdep's reports are understood. */
class CorpusTest {

    static KlogResult scan(byte[] log) {
        try {
            return KlogScanner.scan(new ByteArrayInputStream(log));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void findsEveryTitledReport() {
        List<Corpus.Case> titled = Corpus.cases(Corpus.directory()).stream()
                .filter(sample -> !sample.title().isEmpty())
                .toList();
        assertThat(titled).hasSizeGreaterThan(300);
        assertThat(titled.stream()
                        .filter(sample -> scan(sample.log()).findings().isEmpty())
                        .map(sample -> sample.name() + ": " + sample.title()))
                .isEmpty();
    }

    @Test
    void findsNothingWhereNothingIs() {
        List<Corpus.Case> untitled = Corpus.cases(Corpus.directory()).stream()
                .filter(sample -> sample.title().isEmpty())
                .toList();
        assertThat(untitled).isNotEmpty();
        assertThat(untitled.stream().flatMap(sample -> scan(sample.log()).findings().stream()))
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> namesKindAndLocksOfLockdepReports() {
        return Corpus.cases(Corpus.directory()).stream()
                .filter(Corpus.Case::lockdep)
                .map(sample -> DynamicTest.dynamicTest(sample.name() + " " + sample.title(), () -> {
                    Finding finding = scan(sample.log()).findings().stream()
                            .filter(found -> found.category() == Category.LOCKDEP)
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no lockdep finding"));
                    assertThat(finding.kind().id()).isEqualTo(LockdepOracle.kind(sample.log()));
                    assertThat(finding.locks()).containsAll(LockdepOracle.locks(sample.log()));
                }));
    }

    @TestFactory
    Stream<DynamicTest> findsEachHeader() {
        return Corpus.headers(Corpus.directory()).entrySet().stream()
                .map(sample -> DynamicTest.dynamicTest(
                        sample.getKey(),
                        () -> assertThat(scan(sample.getValue()).findings()).hasSize(1)));
    }
}
