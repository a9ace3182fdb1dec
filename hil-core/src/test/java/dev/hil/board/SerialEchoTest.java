package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SerialEchoTest {
    private static String all() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(SerialEcho.line("nonce", i)).append("\r\n");
        }
        return text.toString();
    }

    @Test
    void everyLineThatArrivesWholeCounts() {
        assertThat(SerialEcho.count(all(), "nonce")).isEqualTo(new SerialEcho(400, 400));
        assertThat(SerialEcho.count(all(), "nonce").isWhole()).isTrue();
    }

    @Test
    void aLostByteCostsItsLine() {
        String text = all();
        SerialEcho echo = SerialEcho.count(text.substring(0, 5000) + text.substring(5001), "nonce");

        assertThat(echo).isEqualTo(new SerialEcho(400, 399));
        assertThat(echo.isWhole()).isFalse();
    }

    @Test
    void anEarlierEchoDoesNotCount() {
        assertThat(SerialEcho.count(all(), "other").whole()).isZero();
    }
}
