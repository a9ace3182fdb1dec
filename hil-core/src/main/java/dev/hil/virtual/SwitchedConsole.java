package dev.hil.virtual;

import dev.hil.link.Console;
import dev.hil.link.DiskRoom;
import dev.hil.link.InfrastructureException;
import dev.hil.link.SerialConsole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The serial line of a machine that gets another pty each time it is switched on; one recording for all. */
final class SwitchedConsole implements Console {
    private final Path file;
    private final DiskRoom room;
    private @Nullable SerialConsole current;

    SwitchedConsole(Path file, DiskRoom room) {
        this.file = file;
        this.room = room;
    }

    synchronized void open(String device) {
        shut();
        current = VirtualMachine.openConsole(device, file, room);
    }

    synchronized void shut() {
        SerialConsole open = current;
        if (open != null) {
            open.close();
        }
    }

    private synchronized SerialConsole current() {
        SerialConsole open = current;
        if (open == null) {
            throw new InfrastructureException("the emulated board was never switched on: its console has no pty yet");
        }
        return open;
    }

    @Override
    public String name() {
        return current().name();
    }

    @Override
    public Path recording() {
        return file;
    }

    @Override
    public long position() {
        return current().position();
    }

    @Override
    public String since(long position) {
        return current().since(position);
    }

    @Override
    public String tail(int lines) {
        return current().tail(lines);
    }

    @Override
    public boolean isOpen() {
        return current().isOpen();
    }

    @Override
    public List<Gap> gaps() {
        return current().gaps();
    }

    @Override
    public void answer(Pattern prompt, String text, long position, Duration limit) {
        current().answer(prompt, text, position, limit);
    }

    @Override
    public String await(Pattern pattern, long position, Duration limit) {
        return current().await(pattern, position, limit);
    }

    @Override
    public void close() {
        shut();
    }
}
