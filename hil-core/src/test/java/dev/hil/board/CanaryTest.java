package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanaryTest {
    private final Canary canary = Canary.random();

    private byte[] log(Canary written) {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            log.append("[%5d.%06d] some driver: some message number %d\n".formatted(i / 10, i * 37 % 1_000_000, i));
            if (i == 250) {
                written.blocks()
                        .forEach(line ->
                                log.append("[   25.000000] ").append(line).append('\n'));
            }
        }
        return log.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void itComesBackWhole() {
        Canary.Returned returned = canary.in(log(canary));

        assertThat(returned.isBack()).isTrue();
        assertThat(returned.blocks()).isEqualTo(4);
        assertThat(returned.wrongBits()).isZero();
        assertThat(returned.bits())
                .isEqualTo(canary.blocks().stream()
                        .mapToLong(line -> line.length() * 8L)
                        .sum());
    }

    @Test
    void wrongBitsAreCounted() {
        byte[] log = log(canary);
        String text = new String(log, StandardCharsets.US_ASCII);
        Random random = new Random(1);
        for (String line : canary.blocks()) {
            int at = text.indexOf(line);
            for (int i = 0; i < 10; i++) {
                log[at + i * 7 + 3] ^= (byte) (1 << random.nextInt(7));
            }
        }

        Canary.Returned returned = canary.in(log);

        assertThat(returned.blocks()).isEqualTo(4);
        assertThat(returned.wrongBits()).isEqualTo(40);
    }

    @Test
    void anotherBootsCanaryIsNotMistakenForIt() {
        assertThat(canary.in(log(Canary.random()))).isEqualTo(new Canary.Returned(0, 0, 0, false));
        assertThat(canary.in(new byte[100]).isBack()).isFalse();
        assertThat(canary.in(new byte[0]).isBack()).isFalse();
    }

    @Test
    void aMarkAloneTellsWhoseLogItIs() {
        Canary.Returned returned = canary.in((canary.mark() + "7\n").getBytes(StandardCharsets.US_ASCII));

        assertThat(returned.isBack()).isTrue();
        assertThat(returned.bits()).isZero();
    }

    @Test
    void aLineFitsIntoARecordOfTheKernel() {
        // LOG_LINE_MAX of older kernels is 992 with the prefix.
        assertThat(canary.blocks()).allSatisfy(line -> assertThat(line).hasSizeLessThan(900));
    }
}
