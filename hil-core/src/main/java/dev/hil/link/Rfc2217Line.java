package dev.hil.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A line behind a terminal server that speaks RFC 2217 ("Telnet Com Port Control Option"). The server is told speed,
 * 8 data bits, no parity, 1 stop bit and no flow control, and must confirm the speed.
 */
final class Rfc2217Line implements Line {
    private static final Duration CONFIRMED = Duration.ofSeconds(5);
    // Commands of section 3 of the RFC, from the client; the server answers with 100 more.
    private static final int SET_BAUDRATE = 1;
    private static final int SET_DATASIZE = 2;
    private static final int SET_PARITY = 3;
    private static final int SET_STOPSIZE = 4;
    private static final int SET_CONTROL = 5;
    private static final int ANSWER = 100;
    private static final int NO_PARITY = 1;
    private static final int NO_FLOW_CONTROL = 1;

    private final TcpLine line;
    private final Telnet telnet = new Telnet(this::said);
    private OptionalLong confirmed = OptionalLong.empty();
    private byte[] ahead = {};

    private Rfc2217Line(TcpLine line) {
        this.line = line;
    }

    static Rfc2217Line open(LineAddress.Rfc2217 address) {
        Rfc2217Line opened = new Rfc2217Line(TcpLine.connect(address.name(), address.host(), address.port()));
        try {
            opened.negotiate(address);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new InfrastructureException(
                    "the terminal server at %s hung up while the line was being set up: %s%s"
                            .formatted(address.name(), e.getMessage(), opened.words()),
                    e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void negotiate(LineAddress.Rfc2217 address) throws IOException {
        line.write(telnet.opening());
        byte[] baud = ByteBuffer.allocate(Integer.BYTES).putInt(address.baud()).array();
        send(SET_BAUDRATE, baud[0] & 0xff, baud[1] & 0xff, baud[2] & 0xff, baud[3] & 0xff);
        send(SET_DATASIZE, Byte.SIZE);
        send(SET_PARITY, NO_PARITY);
        send(SET_STOPSIZE, 1);
        send(SET_CONTROL, NO_FLOW_CONTROL);
        Deadline deadline = Deadline.in(CONFIRMED);
        byte[] buffer = new byte[4096];
        while (confirmed.isEmpty()) {
            if (deadline.isOver() || !telnet.weMay(Telnet.COM_PORT)) {
                throw new InfrastructureException(
                        "the terminal server at %s does not speak RFC 2217 (no answer to \"set %d baud\" within %s)%s. In ser2net.yaml: accepter: telnet(rfc2217),tcp,PORT; or write tcp:// for a raw port"
                                .formatted(address.name(), address.baud(), Durations.text(CONFIRMED), words()));
            }
            int count = receive(buffer);
            int before = ahead.length;
            ahead = Arrays.copyOf(ahead, before + count);
            System.arraycopy(buffer, 0, ahead, before, count);
        }
        if (confirmed.getAsLong() != address.baud()) {
            throw new InfrastructureException(
                    "the terminal server at %s runs the line at %d baud instead: it cannot do %d"
                            .formatted(address.name(), confirmed.getAsLong(), address.baud()));
        }
    }

    private String words() {
        String said = Recording.excerpt(new String(ahead, StandardCharsets.UTF_8));
        return said.isEmpty() ? "" : "; it said: " + said;
    }

    private void send(int command, int... value) throws IOException {
        int[] content = new int[value.length + 1];
        content[0] = command;
        System.arraycopy(value, 0, content, 1, value.length);
        line.write(Telnet.subnegotiation(Telnet.COM_PORT, content));
    }

    private void said(byte[] content) {
        boolean aboutSpeed = content.length == 2 + Integer.BYTES
                && (content[0] & 0xff) == Telnet.COM_PORT
                && (content[1] & 0xff) == SET_BAUDRATE + ANSWER;
        if (aboutSpeed) {
            confirmed =
                    OptionalLong.of(ByteBuffer.wrap(content, 2, Integer.BYTES).getInt() & 0xffffffffL);
        }
    }

    @Override
    public int read(byte[] buffer) throws IOException {
        if (ahead.length > 0) {
            int count = Math.min(ahead.length, buffer.length);
            System.arraycopy(ahead, 0, buffer, 0, count);
            ahead = Arrays.copyOfRange(ahead, count, ahead.length);
            return count;
        }
        return receive(buffer);
    }

    private int receive(byte[] buffer) throws IOException {
        int count = telnet.accept(buffer, line.read(buffer));
        byte[] answers = telnet.answers();
        if (answers.length > 0) {
            line.write(answers);
        }
        return count;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        line.write(Telnet.escaped(bytes));
    }

    @Override
    public void close() {
        line.close();
    }
}
