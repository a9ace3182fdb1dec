package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Whether a serial line carries what is sent over it, at the speed that is configured: lines with a checksum each, sent
 * by the board and counted here. Many adapters lose bytes at 1.5 Mbaud and say nothing of it.
 *
 * @param sent how many lines the board sent
 * @param whole how many arrived with the right checksum
 */
public record SerialEcho(int sent, int whole) {
    private static final int LINES = 400;
    private static final int FILLER = 64;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Whether all arrived. */
    public boolean isWhole() {
        return sent == whole;
    }

    /**
     * Sends and counts.
     *
     * @throws InfrastructureException where the board has no console, or its end does not arrive at all
     */
    public static SerialEcho measure(Board board) {
        Console console = board.console()
                .orElseThrow(() -> new InfrastructureException(
                        "board %s has no [console]: there is no serial line to be tried".formatted(board.name())));
        String nonce = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append(line(nonce, i)).append('\n');
        }
        text.append("hil-echo ").append(nonce).append(" end\n");
        long mark = console.position();
        Deadline deadline = Deadline.in(LIMIT);
        board.shell()
                .exec(
                        Command.of("tee", "/dev/console").root().timeout(deadline.remaining()),
                        new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)))
                .orThrow();
        console.await(Pattern.compile("hil-echo " + nonce + " end"), mark, deadline.remaining());
        return count(console.since(mark), nonce);
    }

    static SerialEcho count(String received, String nonce) {
        int whole = 0;
        for (int i = 0; i < LINES; i++) {
            whole += received.contains(line(nonce, i)) ? 1 : 0;
        }
        return new SerialEcho(LINES, whole);
    }

    static String line(String nonce, int number) {
        String content = Sha256.of(nonce + number).substring(0, FILLER);
        return "hil-echo %s %05d %s %s"
                .formatted(nonce, number, content, Sha256.of(content + number).substring(0, 8));
    }
}
