package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can be told without an engine; the rest is in {@link ContainerShellIT}. */
class ContainerShellTest {
    @Test
    void aHostWithoutTheProgramIsToldWhereItIs() {
        try (ContainerShell shell =
                new ContainerShell("no-such-docker", Map.of(), "toolchain", List.of(), image -> {})) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> shell.exec("true"))
                    .withMessageStartingWith("a container of toolchain could not be started on this host: this host"
                            + " cannot run the program no-such-docker")
                    .withMessageEndingWith("in the package docker.io");
        }
    }
}
