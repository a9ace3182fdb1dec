package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.boot.UBoot;
import dev.hil.link.Console;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A real U-Boot that a key can stop, unlike the one the emulated board has otherwise. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UBootIT {
    private static final int ENVIRONMENT = 0x40000;
    private static final long FLASH = 64L << 20;
    private static final String MENU = "/boot/extlinux/extlinux.conf";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // see open()
    private static BoardSession session;

    @BeforeAll
    static void open() throws IOException {
        session = BoardSession.open(define(), Evidence.start(folder.resolve("home"), "virtual", System.out));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    @Order(1)
    void aLabelIsChosenThisOnceAndDefaultStaysWhatItIs() {
        Board board = session.board();
        byte[] before = board.files().read(MENU);
        String safe = board.kernelRelease();

        Reset there = board.rebootOnce("lockdep");

        assertThat(there.verdict()).isEqualTo(ResetVerdict.ORDERED);
        assertThat(board.kernelRelease()).isNotEqualTo(safe).contains("lockdep");
        assertThat(board.files().read(MENU)).isEqualTo(before);
        assertThat(ExtlinuxMenu.parse(MENU, new String(before, StandardCharsets.ISO_8859_1))
                        .defaultLabel())
                .isEqualTo("safe");

        board.reboot();

        assertThat(board.kernelRelease()).isEqualTo(safe);
    }

    /** Last, since nothing but a reset ends the wait of U-Boot's menu. */
    @Test
    @Order(2)
    void aLabelThatTheMenuDoesNotShowIsToldWithThoseItDoes() {
        Board board = session.board();
        Console console = board.console().orElseThrow();
        board.power().orElseThrow().off();
        long mark = console.position();
        board.power().orElseThrow().on();

        UBoot uboot = UBoot.interrupt(console, "=> ", mark, Duration.ofSeconds(60));

        assertThat(uboot.run("version", Duration.ofSeconds(20))).startsWith("U-Boot 20");
        assertThat(uboot.run("echo one; echo two", Duration.ofSeconds(20))).isEqualTo("one\ntwo");
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> uboot.boot("nosuch", Duration.ofSeconds(60)))
                .withMessageContaining("no label \"nosuch\"; it has [safe, lockdep]");
    }

    /** The emulated board, but for one variable of U-Boot. */
    private static BoardDefinition define() throws IOException {
        Path usual = BoardDefinitions.find().folder().resolve("virtual.toml");
        Path recipe = BoardDefinitions.find().get("virtual").virtual().recipe();
        Path environment = folder.resolve("env.img");
        Path wrapper = Files.writeString(folder.resolve("recipe"), """
                #!/bin/sh
                made=$("%s" "$@") || exit
                sed 's:^env=.*:env=%s:' "$made/board.properties" >"%s/board.properties"
                echo "%s"
                """.formatted(recipe, environment, folder, folder));
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        delayed(
                Path.of(new LocalShell()
                        .exec("sh", "-c", "sed -n 's:^env=::p' \"$(\"$0\")/board.properties\"", recipe.toString())
                        .orThrow()
                        .text()),
                environment);
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Path series = BoardDefinitions.find().folder().resolveSibling("series");
        Files.writeString(
                boards.resolve("virtual.toml"),
                Files.readString(usual)
                                .replace("[boot]\n", "[boot]\nuboot = \"=> \"\n")
                                .replace("\"../series/", "\"" + series + "/")
                        + "\n[virtual]\nrecipe = \"%s\"\n".formatted(wrapper));
        return new BoardDefinitions(boards).get("virtual");
    }

    /** An environment is a CRC-32 and NUL-terminated assignments (include/env_internal.h, env_t). */
    private static void delayed(Path from, Path to) throws IOException {
        byte[] flash = new byte[ENVIRONMENT];
        try (var in = Files.newInputStream(from)) {
            assertThat(in.readNBytes(flash, 0, flash.length)).isEqualTo(ENVIRONMENT);
        }
        String text = new String(flash, 4, ENVIRONMENT - 4, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("bootdelay=-2\0");
        byte[] data =
                text.replace("bootdelay=-2\0", "bootdelay=2\0").concat("\0").getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(data);
        ByteBuffer image = ByteBuffer.allocate(ENVIRONMENT).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt((int) sum.getValue()).put(data).flip();
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(image);
            out.write(ByteBuffer.wrap(new byte[1]), FLASH - 1);
        }
    }
}
