package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real debugger holds a real JVM for longer than its waits may take. */
@Timeout(120)
class DebuggerTest {
    private static final Duration PAUSE = Duration.ofSeconds(6);

    @Test
    void aDebuggersPauseDoesNotCount() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DebuggedProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = program.inputReader()) {
            // "Listening for transport dt_socket at address: PORT"
            String listening = String.valueOf(out.readLine());
            VirtualMachine held = attach(listening.substring(listening.lastIndexOf(' ') + 1));
            assertThat(out.readLine()).isEqualTo("waiting");

            held.suspend();
            assertThat(new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("nothing ends the pause but its time")
                    .isFalse();
            held.resume();

            assertThat(out.readLine()).isEqualTo("seen: login:");
            held.dispose();
        } finally {
            program.destroyForcibly();
            assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static VirtualMachine attach(String port) throws Exception {
        List<AttachingConnector> connectors = Bootstrap.virtualMachineManager().attachingConnectors();
        AttachingConnector sockets = connectors.stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = sockets.defaultArguments();
        argument(arguments, "hostname").setValue("127.0.0.1");
        argument(arguments, "port").setValue(port);
        return sockets.attach(arguments);
    }

    private static Connector.Argument argument(Map<String, Connector.Argument> arguments, String name) {
        return Objects.requireNonNull(arguments.get(name), name);
    }
}
