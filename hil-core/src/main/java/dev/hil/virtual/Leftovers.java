package dev.hil.virtual;

import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The emulators that run for this user, noted on disk as they start, so that the next run finds and ends those whose
 * own run has died. One that belongs to a living run is left alone.
 */
final class Leftovers {
    private final Path folder;

    Leftovers(Path home) {
        this.folder = home.resolve("virtual-running");
    }

    /**
     * Notes an emulator. On disk before this returns.
     *
     * @param work the emulator's folder of temporary files
     */
    Path note(ProcessIdentity emulator, Path work) {
        ProcessIdentity owner =
                ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        String text = "pid=%d%nstart=%d%nowner.pid=%d%nowner.start=%d%nwork=%s%n"
                .formatted(emulator.pid(), emulator.startTicks(), owner.pid(), owner.startTicks(), work);
        try {
            Files.createDirectories(folder);
            Path note = folder.resolve(emulator.pid() + "-" + emulator.startTicks());
            return Files.writeString(
                    note, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        } catch (IOException e) {
            throw new InfrastructureException("cannot note the running emulator in %s: %s".formatted(folder, e), e);
        }
    }

    /**
     * Ends what dead runs have left, and removes their temporary files.
     *
     * @return a sentence for each
     */
    List<String> sweep() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> swept = new ArrayList<>();
        try (Stream<Path> notes = Files.list(folder)) {
            for (Path note : notes.toList()) {
                sweep(note).ifPresent(swept::add);
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot look for leftover emulators in %s: %s".formatted(folder, e), e);
        }
        return swept;
    }

    private static Optional<String> sweep(Path note) throws IOException {
        Properties values = new Properties();
        try (var in = Files.newBufferedReader(note)) {
            values.load(in);
        }
        Optional<ProcessIdentity> owner = identity(values, "owner.pid", "owner.start");
        if (owner.isPresent() && owner.get().isAlive()) {
            return Optional.empty();
        }
        String text = "a run that died had left " + note.getFileName();
        Optional<ProcessIdentity> emulator = identity(values, "pid", "start").filter(ProcessIdentity::isAlive);
        if (emulator.isPresent()) {
            ProcessHandle.of(emulator.get().pid()).ifPresent(ProcessHandle::destroyForcibly);
            text = "ended the emulator with pid %d, left by a run that died"
                    .formatted(emulator.get().pid());
        }
        String work = values.getProperty("work", "");
        if (!work.isEmpty()) {
            removeWork(Path.of(work));
        }
        Files.deleteIfExists(note);
        return Optional.of(text);
    }

    private static Optional<ProcessIdentity> identity(Properties values, String pid, String start) {
        String number = values.getProperty(pid, "");
        String ticks = values.getProperty(start, "");
        return number.matches("\\d{1,18}") && ticks.matches("\\d{1,18}")
                ? Optional.of(new ProcessIdentity(Long.parseLong(number), Long.parseLong(ticks)))
                : Optional.empty();
    }

    /** Removes an emulator's folder of temporary files; nothing that does not look like one. */
    static void removeWork(Path work) throws IOException {
        Path name = work.getFileName();
        if (name == null || !name.toString().startsWith(VirtualMachine.WORK_PREFIX) || !Files.isDirectory(work)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(work)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
