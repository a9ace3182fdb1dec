package dev.hil.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What this run is made of: hil, Java, the host it runs on. */
final class Versions {
    private Versions() {}

    static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put(
                "version: hil",
                Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                        .orElse("built in place, from "
                                + Versions.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath()));
        versions.put(
                "version: java",
                "%s (%s)".formatted(System.getProperty("java.version"), System.getProperty("java.vendor")));
        versions.put("lab host: kernel", read("/proc/version"));
        versions.put("lab host: name", read("/proc/sys/kernel/hostname"));
        return versions;
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            return System.getProperty("os.name") + " " + System.getProperty("os.version");
        }
    }
}
