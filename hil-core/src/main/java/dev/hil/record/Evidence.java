package dev.hil.record;

import dev.hil.link.DiskRoom;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The folder of one run. Files are written as things happen, so that a run that was killed leaves all it had seen.
 */
public final class Evidence {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final String EVENTS = "events.jsonl";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_FACT = 4096;
    /** Of one file of text; recordings have limits of their own. */
    private static final long LONGEST_TEXT = 256L << 20;

    private final Path home;
    private final Path folder;
    private final PrintStream console;
    private final EvidenceIndex index;
    private final Set<Path> full = new HashSet<>();
    private final RunRoom room = new RunRoom(RunRoom.limitFromProperties(), this::ended);
    private final long start = System.nanoTime();
    private final StatusLine status;
    private final Progress progress;
    private volatile long lastSaid = start;

    private Evidence(Path home, Path folder, String board, PrintStream console) throws IOException {
        this.home = home;
        this.folder = folder;
        this.console = console;
        this.index = new EvidenceIndex(folder, board);
        this.status = StatusLine.of(console);
        this.progress =
                new Progress(this, History.of(home.resolve(safeName(board)).resolve("durations.json")), status);
        Versions.all().forEach(index::fact);
        index.writeReadme();
        index.write();
    }

    /**
     * Makes the folder of a new run: {@code HOME/BOARD/runs/TIME-PID}.
     *
     * @param place the home
     * @param console where a line is printed for each event
     */
    public static Evidence start(Path place, String board, PrintStream console) {
        // The ledger has paths below it, for processes with other working directories.
        Path home = place.toAbsolutePath();
        String run = STAMP.format(Instant.now()) + "-" + ProcessHandle.current().pid();
        Path runs = home.resolve(safeName(board)).resolve("runs");
        try {
            Sharing.folder(runs);
            Path folder = unused(runs, run);
            return new Evidence(home, folder, board, console);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot make a folder for the evidence of this run under %s: %s. Give another place by -Dhil.home=DIR"
                            .formatted(runs, e),
                    e);
        }
    }

    private static Path unused(Path runs, String name) throws IOException {
        for (int i = 1; ; i++) {
            Path candidate = runs.resolve(i == 1 ? name : name + "-" + i);
            if (isMade(candidate)) {
                return candidate;
            }
        }
    }

    private static boolean isMade(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            Sharing.open(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            // Another run of this second, perhaps in a container that counts its processes anew.
            return false;
        }
    }

    /** {@code -Dhil.home}, else {@code $XDG_STATE_HOME/hil}, else {@code ~/.local/state/hil}. */
    public static Path defaultHome() {
        String set = System.getProperty("hil.home");
        if (set != null && !set.isBlank()) {
            return Path.of(set);
        }
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && !state.isBlank()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("hil");
    }

    /** Where everything of this user's runs is kept. */
    public Path home() {
        return home;
    }

    public Path folder() {
        return folder;
    }

    /** What the run is doing. */
    public Progress progress() {
        return progress;
    }

    /** How long nothing was printed. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastSaid);
    }

    /** Something was printed. */
    void spoke() {
        lastSaid = System.nanoTime();
    }

    /** Time since the run began. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * A file of this folder. The name may come from a board: what is not a letter, digit, dot, dash or underscore is
     * replaced, and it cannot lead out of the folder.
     */
    public Path file(String name) {
        return folder.resolve(safeName(name));
    }

    /** A folder of this folder, made if it is not there. */
    public Path folder(String name) {
        Path path = file(name);
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new InfrastructureException("cannot make the evidence folder %s: %s".formatted(path, e), e);
        }
    }

    /** Writes a text file at once. */
    public Path write(String name, String text) {
        Path path = file(name);
        try {
            room.count(text.length());
            return Files.writeString(path, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InfrastructureException("cannot write evidence to %s: %s".formatted(path, e), e);
        }
    }

    /**
     * Writes a file into a folder of this folder, under a name that no file there has yet: what is kept there is never
     * written over. It is on the disk when this returns, since an undo may need it.
     *
     * @return the file
     */
    public Path writeBeside(String folderName, String name, byte[] content) {
        Path beside = folder(folderName);
        String safe = safeName(name);
        room.count(content.length);
        int number = 1;
        while (true) {
            Path path = beside.resolve(number == 1 ? safe : safe + "-" + number);
            try {
                Files.write(path, content, Durable.newFile());
                Durable.nameOf(path);
                Durable.nameOf(beside);
                return path;
            } catch (FileAlreadyExistsException e) {
                number++;
            } catch (IOException e) {
                throw new InfrastructureException("cannot write evidence to %s: %s".formatted(path, e), e);
            }
        }
    }

    /** A file for what a program says, up to a limit; the file and an event say where it ends before the program does. */
    public OutputStream log(String name) {
        Path path = file(name);
        try {
            return new BoundedLog(path, room, LONGEST_TEXT);
        } catch (IOException e) {
            throw new InfrastructureException("cannot write evidence to %s: %s".formatted(path, e), e);
        }
    }

    /** The room that recordings of this run have. */
    public DiskRoom room() {
        return room;
    }

    /**
     * Asks for room for what is to be copied from a board, before any of it is.
     *
     * @param what for the message
     * @throws InfrastructureException where the run's limit is reached
     */
    public void requireRoom(long bytes, String what) {
        room.require(bytes, what);
    }

    /** Counts a file that was put here; a run may go beyond its limit by one. */
    public void count(Path file) {
        try {
            room.count(Files.size(file));
        } catch (IOException e) {
            throw new InfrastructureException("cannot read %s: %s".formatted(file, e), e);
        }
    }

    /** What a run could not keep is never lost in silence. */
    private void ended(Path file, String why) {
        String name = folder.relativize(file).toString();
        event("evidence", "%s ends here, at %s: what comes later is not kept in it".formatted(name, why));
        fact("cut off: " + name, why);
    }

    /** Adds to a text file. */
    public synchronized void append(String name, String text) {
        Path path = file(name);
        try {
            if (full.contains(path)) {
                return;
            }
            long size = Files.exists(path) ? Files.size(path) : 0;
            String last = "[hil: this file ends here, at its limit of %d bytes]%n".formatted(LONGEST_TEXT);
            boolean fits = size + text.length() < LONGEST_TEXT - last.length();
            room.count(text.length());
            Files.writeString(
                    path,
                    fits ? text : last,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            if (!fits) {
                full.add(path);
                ended(path, "its limit of %d bytes".formatted(LONGEST_TEXT));
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot write evidence to %s: %s".formatted(path, e), e);
        }
    }

    /** Adds a JSON object as a line to a file. */
    public void json(String name, Map<String, ?> object) {
        append(name, Json.line(object) + "\n");
    }

    /**
     * Notes what is known of the board or of what runs on it, in the index.
     *
     * @param name such as {@code board: /proc/version}
     */
    public synchronized void fact(String name, String value) {
        index.fact(name, value.length() <= LONGEST_FACT ? value : value.substring(0, LONGEST_FACT) + "...");
        writeIndex();
    }

    /**
     * Completes the index at the end of a run.
     *
     * @param how the run ended, for people
     */
    public synchronized void end(String how) {
        progress.close();
        index.end(how);
        writeIndex();
    }

    /** Lists the files anew: what was made of the evidence after the end belongs to it too. */
    public synchronized void listAgain() {
        writeIndex();
    }

    private void writeIndex() {
        try {
            index.write();
        } catch (IOException | UncheckedIOException e) {
            throw new InfrastructureException(
                    "cannot write the index of the evidence in %s: %s".formatted(folder, e), e);
        }
    }

    /** Notes that something happened: a line in {@code events.jsonl} and one on the console. */
    public synchronized void event(String kind, String text) {
        Duration at = elapsed();
        String line =
                Json.line(Map.of("at", Instant.now().toString(), "millis", at.toMillis(), "kind", kind, "text", text));
        append(EVENTS, line + "\n");
        // The text may hold what a board said, and this is a person's terminal.
        // Further lines are set in: none can be taken for a line of hil's.
        String shown = Recording.clean(text).replace("\n", "\n    ");
        status.clear();
        console.printf("hil %9s  %s: %s%n", Durations.text(at), kind, shown);
        spoke();
    }

    static String safeName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        safe = safe.startsWith(".") ? "_" + safe.substring(1) : safe;
        safe = safe.isEmpty() ? "_" : safe;
        return safe.length() <= LONGEST_NAME ? safe : safe.substring(0, LONGEST_NAME);
    }
}
