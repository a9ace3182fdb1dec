package dev.hil.virtual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** QEMU's machine protocol over its unix socket: commands one at a time, events as they come. */
final class Qmp implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final SocketChannel channel;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final Consumer<QmpEvent> events;

    private Qmp(SocketChannel channel, Consumer<QmpEvent> events) {
        this.channel = channel;
        this.events = events;
        // The reader is a daemon of its own: events must be seen while nobody asks anything.
        Thread reader = new Thread(this::read, "hil-qmp");
        reader.setDaemon(true);
        reader.start();
    }

    /** Connects as soon as QEMU has made its socket. */
    static Qmp connect(Path socket, Deadline deadline, Consumer<QmpEvent> events) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                Qmp qmp = new Qmp(channel, events);
                qmp.execute("qmp_capabilities");
                return qmp;
            } catch (IOException e) {
                channel.close();
                if (deadline.isOver()) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }
    }

    JsonNode execute(String command) {
        return execute(command, Map.of());
    }

    /**
     * Runs a command.
     *
     * @return what it returned
     * @throws InfrastructureException where QEMU refuses it or does not answer
     */
    synchronized JsonNode execute(String command, Map<String, ?> arguments) {
        ObjectNode request = MAPPER.createObjectNode().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", MAPPER.valueToTree(arguments));
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(request + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            JsonNode answer = answers.poll(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new InfrastructureException(
                        "QEMU did not answer %s within %d s".formatted(command, ANSWER.toSeconds()));
            }
            if (answer.isMissingNode()) {
                answers.add(answer);
                throw new InfrastructureException("QEMU went away at " + command);
            }
            if (answer.has("error")) {
                throw new InfrastructureException("QEMU refused %s: %s".formatted(command, answer.get("error")));
            }
            return answer.get("return");
        } catch (IOException e) {
            throw new InfrastructureException("QEMU went away at %s: %s".formatted(command, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted at " + command, e);
        }
    }

    /** A command of the human monitor, for what the machine protocol does not offer. */
    String human(String line) {
        return execute("human-monitor-command", Map.of("command-line", line)).asText();
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode node = MAPPER.readTree(line);
                if (node.has("event")) {
                    JsonNode stamp = node.path("timestamp");
                    Instant at = Instant.ofEpochSecond(
                            stamp.path("seconds").asLong(),
                            TimeUnit.MICROSECONDS.toNanos(
                                    stamp.path("microseconds").asLong()));
                    events.accept(new QmpEvent(
                            node.get("event").asText(), at, node.path("data").toString()));
                } else if (!node.has("QMP")) {
                    answers.add(node);
                }
            }
        } catch (IOException e) {
            // The emulator has ended; who waits for an answer is told so below.
            return;
        } finally {
            answers.add(MissingNode.getInstance());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InfrastructureException("cannot close the QMP socket", e);
        }
    }
}
