package dev.hil.virtual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.board.Rescue;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.DiskRoom;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LineAddress;
import dev.hil.link.LocalShell;
import dev.hil.link.Power;
import dev.hil.link.SerialConsole;
import dev.hil.link.SerialConsole.Replug;
import dev.hil.record.Evidence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One emulated machine: a throw-away overlay of the prepared disk, and QEMU on it. Switching it off ends QEMU, so its
 * memory is lost as a real board's is; reset keeps memory.
 */
public final class VirtualMachine implements Power, Rescue, AutoCloseable {
    static final String WORK_PREFIX = "hil-virtual-";

    private static final Duration START = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final int BAUD = 115_200;
    private static final String NETWORK = "net0";
    private static final Pattern FORWARD = Pattern.compile("TCP\\[HOST_FORWARD\\]\\s+\\d+\\s+\\S+\\s+(\\d+)\\s");
    /**
     * Runs QEMU for as long as this process lives: the pipe to it closes however this process ends, and QEMU is killed.
     * In a session of its own, so that Ctrl-C at a terminal lets the run end in order before its board goes.
     */
    private static final String GUARD = "exec 3<&0; log=$1; shift; setsid \"$@\" </dev/null >\"$log\" 2>&1 3<&- & q=$!;"
            + " echo $q; exec >/dev/null; (cat <&3 >/dev/null; kill -9 $q) 2>/dev/null & w=$!; exec 3<&-;"
            + " wait $q; r=$?; kill $w 2>/dev/null; exit $r";

    private final PreparedBoard prepared;
    private final Evidence evidence;
    private final Leftovers leftovers;
    private final Path work;
    private final List<QmpEvent> events = new CopyOnWriteArrayList<>();
    private final SwitchedConsole console;
    private int port;
    private @Nullable Process guard;
    private @Nullable Qmp qmp;
    private @Nullable Path note;
    /** U-Boot's environment where it is not the prepared one. */
    private @Nullable Path environment;

    VirtualMachine(PreparedBoard prepared, int port, Evidence evidence, Leftovers leftovers) {
        this.prepared = prepared;
        this.port = port;
        this.evidence = evidence;
        this.leftovers = leftovers;
        this.console = new SwitchedConsole(evidence.file("console.log"), evidence.room());
        try {
            this.work = Files.createTempDirectory(WORK_PREFIX);
        } catch (IOException e) {
            throw new InfrastructureException("cannot make a temporary folder for the emulated board: " + e, e);
        }
        makeOverlay();
    }

    private void makeOverlay() {
        new LocalShell()
                .exec(
                        "qemu-img",
                        "create",
                        "-q",
                        "-f",
                        "qcow2",
                        "-F",
                        "raw",
                        "-b",
                        prepared.path("disk").toString(),
                        overlay().toString())
                .orThrow();
    }

    private Path overlay() {
        return work.resolve("disk.qcow2");
    }

    /** What the machine sent over its serial line, as QEMU itself logs it: the oracle for the console's recording. */
    Path serialLog() {
        return work.resolve("serial.log");
    }

    @Override
    public String name() {
        return "QMP";
    }

    /** The loopback port of its ssh server. */
    int sshPort() {
        return port;
    }

    Console console() {
        return console;
    }

    /** What QEMU has reported so far, as an oracle for tests. */
    public List<QmpEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized void on() {
        if (guard != null) {
            return;
        }
        Path socket = work.resolve("qmp");
        Path log = evidence.file("qemu.log");
        Deadline deadline = Deadline.in(START);
        try {
            Files.deleteIfExists(socket);
            Process started = start(socket, log);
            guard = started;
            Qmp connected = connect(socket, log, started, deadline);
            qmp = connected;
            // Stopped until the console is open: QEMU drops what it prints to a pty that nobody has open.
            console.open(pty(connected));
            port = forwardedPort(connected);
            connected.execute("cont");
            evidence.event("power", "on: ssh on 127.0.0.1:%d, console on %s".formatted(port, console.name()));
        } catch (IOException e) {
            throw new InfrastructureException("the emulated board did not start: %s%n%s".formatted(e, tail(log)), e);
        }
    }

    private Process start(Path socket, Path log) throws IOException {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", GUARD, "sh", log.toString()));
        argv.addAll(qemu(socket));
        Process process = new ProcessBuilder(argv)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Not closed: closing it would close nothing of use, and the guard writes this one line only.
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String line = reader.readLine();
        if (line == null || !line.matches("\\d+")) {
            throw new IOException("its guard did not name a process");
        }
        ProcessIdentity.of(Long.parseLong(line)).ifPresent(identity -> note = leftovers.note(identity, work));
        return process;
    }

    private List<String> qemu(Path socket) {
        List<String> argv = new ArrayList<>(List.of("qemu-system-aarch64", "-name", "hil-virtual"));
        argv.addAll(prepared.list("machine"));
        argv.addAll(List.of("-nodefaults", "-display", "none", "-S"));
        argv.addAll(List.of(
                "-chardev", "pty,id=serial0,logappend=on,logfile=" + serialLog(), "-serial", "chardev:serial0"));
        argv.addAll(List.of("-chardev", "socket,id=qmp0,path=" + socket + ",server=on,wait=off"));
        argv.addAll(List.of("-mon", "chardev=qmp0,mode=control"));
        argv.addAll(List.of("-bios", prepared.text("uboot")));
        argv.addAll(List.of("-drive", "if=pflash,unit=1,format=raw,readonly=on,file=" + environment()));
        argv.addAll(List.of("-drive", "if=none,id=disk0,format=qcow2,cache=writeback,file=" + overlay()));
        argv.addAll(List.of("-device", "virtio-blk-pci,drive=disk0"));
        argv.addAll(List.of("-netdev", "user,id=" + NETWORK + ",hostfwd=tcp:127.0.0.1:" + port + "-:22"));
        argv.addAll(List.of("-device", "virtio-net-pci,netdev=" + NETWORK + ",romfile="));
        argv.addAll(List.of("-device", "virtio-rng-pci"));
        argv.addAll(List.of("-device", "i6300esb", "-action", "watchdog=reset"));
        return argv;
    }

    private Path environment() {
        Path own = environment;
        return own == null ? prepared.path("env") : own;
    }

    @Override
    public String inWords() {
        return "switched off and on, with pxe_label_override in U-Boot's environment";
    }

    /** U-Boot's sysboot takes that variable before DEFAULT (boot/pxe_utils.c, pxe_menu_to_menu). */
    @Override
    public synchronized void boot(String label) {
        Path own = work.resolve("rescue-env.img");
        UbootEnvironment.add(prepared.path("env"), own, "pxe_label_override", label);
        off();
        environment = own;
        on();
    }

    @Override
    public synchronized void release() {
        off();
        environment = null;
        on();
    }

    private Qmp connect(Path socket, Path log, Process started, Deadline deadline) throws IOException {
        while (true) {
            try {
                return Qmp.connect(socket, Deadline.in(deadline.atMost(Duration.ofMillis(200))), this::happened);
            } catch (IOException | InfrastructureException e) {
                if (hasEnded(started)) {
                    throw new InfrastructureException(whyNot(tail(log)), e);
                }
                if (deadline.isOver()) {
                    throw e;
                }
            }
        }
    }

    /** QEMU opens its socket before it finds out what it lacks, so its end may be a moment away. */
    private static boolean hasEnded(Process started) {
        try {
            return started.waitFor(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private String whyNot(String said) {
        if (said.contains("host forwarding rule")) {
            return ("the emulated board cannot start: port %d of 127.0.0.1 is taken. Leave ssh_port out of [virtual] to"
                            + " have a free one chosen, or end what uses it (`ss -ltnp 'sport = :%d'` shows it).%n%s")
                    .formatted(port, port, said);
        }
        return "the emulated board did not start; QEMU said:%n%s".formatted(said);
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8).strip();
            return text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            return "(no output)";
        }
    }

    private void happened(QmpEvent event) {
        events.add(event);
        evidence.append("qmp-events.log", "%s %s %s%n".formatted(event.at(), event.name(), event.data()));
    }

    private static String pty(Qmp qmp) {
        for (JsonNode device : qmp.execute("query-chardev")) {
            if (device.path("label").asText().equals("serial0")) {
                return device.path("filename").asText().replaceFirst("^pty:", "");
            }
        }
        throw new InfrastructureException("QEMU made no pty for the serial line");
    }

    private static int forwardedPort(Qmp qmp) {
        String answer = qmp.human("info usernet");
        Matcher matcher = FORWARD.matcher(answer);
        if (!matcher.find()) {
            throw new InfrastructureException("QEMU forwards no port for ssh: " + answer);
        }
        return Integer.parseInt(matcher.group(1));
    }

    static SerialConsole openConsole(String device, Path file, DiskRoom room) {
        return SerialConsole.open(new LineAddress.Port(device, BAUD), Replug.NEVER, file, room);
    }

    @Override
    public synchronized void off() {
        Process running = guard;
        if (running == null) {
            return;
        }
        try {
            Qmp connected = qmp;
            if (connected != null && running.isAlive()) {
                connected.execute("quit");
            }
        } catch (InfrastructureException e) {
            // It quits before it answers, or does not answer at all: the wait below decides.
            evidence.event("power", "QEMU did not acknowledge its end: " + e.getMessage());
        }
        end(running);
    }

    private void end(Process running) {
        try {
            if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                // Closing the guard's input makes it kill QEMU.
                running.getOutputStream().close();
                if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new InfrastructureException(
                            "QEMU did not end within " + Durations.text(STOP.multipliedBy(2)));
                }
            }
            guard = null;
            console.shut();
            Qmp connected = qmp;
            if (connected != null) {
                connected.close();
            }
            qmp = null;
            if (note != null) {
                Files.deleteIfExists(note);
            }
            evidence.event("power", "off");
        } catch (IOException e) {
            throw new InfrastructureException("cannot end the emulated board: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.destroyForcibly();
            throw new InfrastructureException("interrupted while ending the emulated board", e);
        }
    }

    @Override
    public synchronized void reset() {
        qmp().execute("system_reset");
        evidence.event("power", "reset");
    }

    /** Halts the processors, as a board does that hangs without a watchdog; for tests. */
    public synchronized void pause() {
        qmp().execute("stop");
    }

    /** Ends a {@link #pause}. */
    public synchronized void resume() {
        qmp().execute("cont");
    }

    /**
     * Pulls the network cable, as it were: connections stand, and nothing passes in either direction. For tests.
     */
    public synchronized void unplug() {
        link(false);
    }

    /** Ends an {@link #unplug}. */
    public synchronized void plug() {
        link(true);
    }

    private void link(boolean up) {
        qmp().execute("set_link", Map.of("name", NETWORK, "up", up));
        evidence.event("power", up ? "network cable in" : "network cable out");
    }

    private Qmp qmp() {
        Qmp connected = qmp;
        if (connected == null) {
            throw new InfrastructureException("the emulated board is off");
        }
        return connected;
    }

    @Override
    public synchronized void close() {
        try {
            off();
        } finally {
            console.close();
            try {
                Leftovers.removeWork(work);
            } catch (IOException e) {
                evidence.event("power", "cannot remove %s: %s".formatted(work, e));
            }
        }
    }
}
