package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BootFactsTest {
    @Test
    void whatABoardSaysIsUnderstood() {
        BootFacts facts = BootFacts.parse("""
                boot 11111111-2222-3333-4444-555555555555
                kmsg yes
                pmsg no
                printk 7 4 1 7
                panic 1
                devkmsg ratelimit
                ignore N
                backend ramoops
                tainted 4096
                watchdog i6300ESB timer|active|15|32
                watchdog Synopsys DesignWare Watchdog|inactive|44|0
                clock 1700000100 100.50
                journal yes
                """);

        assertThat(facts.bootId()).isEqualTo("11111111-2222-3333-4444-555555555555");
        assertThat(facts.kmsgWritten()).isTrue();
        assertThat(facts.pmsgWritten()).isFalse();
        assertThat(facts.consoleLevel()).isEqualTo(7);
        assertThat(facts.showsWarnings()).isTrue();
        assertThat(facts.panicTimeout()).isEqualTo(1);
        assertThat(facts.backend()).isEqualTo("ramoops");
        assertThat(facts.tainted()).isEqualTo(4096);
        assertThat(facts.started())
                .contains(Instant.ofEpochSecond(1_700_000_100).minusMillis(100_500));
        assertThat(facts.journal()).isTrue();
        assertThat(facts.watchdogs()).hasSize(2);
        assertThat(facts.armed()).hasValueSatisfying(dog -> {
            assertThat(dog.timeout()).isEqualTo(Duration.ofSeconds(15));
            assertThat(dog.reason()).isEqualTo("the watchdog reset the board");
        });
    }

    @Test
    void aQuietConsoleShowsNoWarnings() {
        assertThat(BootFacts.parse("printk 4 4 1 7").showsWarnings()).isFalse();
        assertThat(BootFacts.parse("printk 5 4 1 7").showsWarnings()).isTrue();
        assertThat(BootFacts.parse("printk 4 4 1 7\nignore Y").showsWarnings()).isTrue();
    }

    @Test
    void whatIsMissingIsUnknownAndNothingIsBelievedBlindly() {
        BootFacts facts = BootFacts.parse("backend (null)\npanic x\nclock then now\nwatchdog a|b\nboot\n");

        assertThat(facts.backend()).isEmpty();
        assertThat(facts.panicTimeout()).isEqualTo(-1);
        assertThat(facts.consoleLevel()).isEqualTo(-1);
        assertThat(facts.started()).isEmpty();
        assertThat(facts.watchdogs()).isEmpty();
        assertThat(facts.kmsgWritten()).isFalse();
    }
}
