package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run is trusted with does not get into its evidence, nor onto the terminal. */
@Timeout(60)
class SecretsTest {
    private static final String OF_THE_ENVIRONMENT = "hunter2-of-the-environment";
    private static final String OF_A_COMMAND = "hunter2-of-a-command";

    @Test
    void noKeyPassphraseOrVariableIsWrittenDown(@TempDir Path folder) throws IOException, InterruptedException {
        try (FakeBoard fake = new FakeBoard(folder)) {
            fake.definition(false);
            fake.put("/sys/fs/pstore/dmesg-ramoops-0", "Panic#1 Part1\n");
            fake.put("/lib/modules/old.ko", "old");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SecretiveRun.class.getName(),
                            folder.toString(),
                            String.valueOf(fake.server().port()),
                            OF_A_COMMAND)
                    .redirectErrorStream(true);
            for (String name : List.of("SSH_PASSPHRASE", "SSHPASS", "SUDO_ASKPASS", "MAVEN_PASSWORD", "GITHUB_TOKEN")) {
                builder.environment().put(name, OF_THE_ENVIRONMENT);
            }
            Process run = builder.start();
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor()).as(said).isZero();
            assertThat(said).contains("all done");

            List<String> secrets = new ArrayList<>(List.of(OF_THE_ENVIRONMENT, OF_A_COMMAND));
            Files.readAllLines(folder.resolve("ssh/user_key")).stream()
                    .filter(line -> line.length() > 20)
                    .forEach(secrets::add);
            assertThat(secrets).as("the key's own lines are among them").hasSizeGreaterThan(3);
            assertThat(said).doesNotContain(secrets.toArray(String[]::new));
            List<Path> files = files(fake.home);
            assertThat(files).hasSizeGreaterThan(5);
            for (Path file : files) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secrets.toArray(String[]::new));
            }
        }
    }

    private static List<Path> files(Path home) throws IOException {
        try (Stream<Path> tree = Files.walk(home)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }
}
