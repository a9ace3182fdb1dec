package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UbootEnvironmentTest {
    private static final int SIZE = 0x40000;

    @TempDir
    private Path folder;

    @Test
    void aVariableIsAddedAndTheChecksumIsRight() throws IOException {
        Path from = environment("bootdelay=-2\nboot_targets=virtio0\n");
        Path to = folder.resolve("to.img");

        UbootEnvironment.add(from, to, "pxe_label_override", "safe");

        // What U-Boot's own tool makes of the same variables.
        Path same = environment("bootdelay=-2\nboot_targets=virtio0\npxe_label_override=safe\n");
        assertThat(text(to)).isEqualTo(text(same));
        assertThat(Files.size(to)).isEqualTo(Files.size(from));
        Path again = folder.resolve("again.img");
        UbootEnvironment.add(to, again, "x", "y");
        assertThat(text(again)).endsWith("pxe_label_override=safe\0x=y");
    }

    @Test
    void whatIsNoEnvironmentIsRefused() throws IOException {
        Path noise = Files.write(folder.resolve("noise"), new byte[SIZE]);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> UbootEnvironment.add(noise, folder.resolve("to"), "a", "b"))
                .withMessage("%s does not begin with an environment of U-Boot", noise);
    }

    private static String text(Path image) throws IOException {
        String all = new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1);
        return all.substring(4, all.indexOf("\0\0"));
    }

    private Path environment(String text) throws IOException {
        Path source = Files.writeString(folder.resolve("text"), text);
        Path image = folder.resolve("env-%d.img".formatted(text.length()));
        new LocalShell()
                .exec("mkenvimage", "-s", "0x40000", "-o", image.toString(), source.toString())
                .orThrow();
        return image;
    }
}
