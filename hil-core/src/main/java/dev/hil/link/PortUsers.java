package dev.hil.link;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which other processes have a device file open, from /proc (proc(5)); those of other users only where root asks. */
final class PortUsers {
    private PortUsers() {}

    /** Their names and process ids, such as {@code tio (pid 4711, alice)}; empty if there are none to be seen. */
    static String of(Path device) {
        Path real;
        try {
            real = device.toRealPath();
        } catch (IOException e) {
            return "";
        }
        long self = ProcessHandle.current().pid();
        List<String> users = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && holds(process.pid(), real))
                .forEach(process -> users.add(named(process)));
        return String.join(", ", users);
    }

    private static boolean holds(long pid, Path device) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (points(descriptor, device)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Another user's process, or one that has just ended.
        }
        return false;
    }

    private static boolean points(Path descriptor, Path device) {
        try {
            return Files.readSymbolicLink(descriptor).equals(device);
        } catch (IOException e) {
            return false;
        }
    }

    private static String named(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        String command = info.command()
                .map(path -> String.valueOf(Path.of(path).getFileName()))
                .orElse("a process");
        return "%s (pid %d%s)"
                .formatted(
                        Recording.excerpt(command),
                        process.pid(),
                        info.user().map(user -> ", " + user).orElse(""));
    }
}
