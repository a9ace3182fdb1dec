package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.link.Command;
import dev.hil.link.Shell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Step 0.1 of an iter6-style plan: whether a display manager logs somebody in by itself. A desktop that comes up with the
 * board uses the GPU before the smoke tests do, and whoever sits before it is thrown out by each reboot.
 *
 * @param service the display manager that is started with the board, by the name of its unit; empty where there is none
 * @param settings where auto-login is on: file and line, by display manager
 * @param known the display managers found whose settings were read
 */
public record AutoLogin(Optional<String> service, Map<String, String> settings, Set<String> known) {
    /** The later a file, the more its values count; sddm.conf(5), lightdm's configuration.c, gdm's gdm-settings.c. */
    private static final Map<String, List<String>> FILES = Map.of(
            "sddm", List.of("/usr/lib/sddm/sddm.conf.d/*.conf", "/etc/sddm.conf.d/*.conf", "/etc/sddm.conf"),
            "gdm", List.of("/etc/gdm3/custom.conf", "/etc/gdm3/daemon.conf", "/etc/gdm/custom.conf"),
            "lightdm",
                    List.of(
                            "/usr/share/lightdm/lightdm.conf.d/*.conf",
                            "/etc/xdg/lightdm/lightdm.conf.d/*.conf",
                            "/etc/lightdm/lightdm.conf.d/*.conf",
                            "/etc/lightdm/lightdm.conf"),
            "greetd", List.of("/etc/greetd/config.toml"));

    /** Two NUL-terminated pieces a file: its name, its text. The first argument stands before every path. */
    private static final String ASK =
            "r=$1; shift; readlink \"$r/etc/systemd/system/display-manager.service\" | tr -d '\\000'; printf '\\000';"
                    + " for p; do for f in $r$p; do [ -f \"$f\" ] || continue; printf '%s\\000' \"${f#\"$r\"}\";"
                    + " head -c 65536 \"$f\" | tr -d '\\000'; printf '\\000'; done; done; :";

    public AutoLogin {
        settings = Map.copyOf(settings);
        known = Set.copyOf(known);
    }

    /** Reads the settings of a board's display managers. */
    public static AutoLogin of(Board board) {
        return read(board.shell(), "");
    }

    /** @param root stands before every path */
    static AutoLogin read(Shell shell, String root) {
        List<String> arguments = new ArrayList<>(List.of(root));
        new TreeMap<>(FILES).values().forEach(arguments::addAll);
        String[] pieces = shell.exec(Command.script(ASK, arguments.toArray(String[]::new)))
                .orThrow()
                .stdout()
                .split("\0", -1);
        String unit = pieces[0].strip();
        Map<String, Map<String, Setting>> values = new TreeMap<>();
        for (int i = 1; i + 1 < pieces.length; i += 2) {
            String file = pieces[i];
            values.computeIfAbsent(manager(file), name -> new LinkedHashMap<>()).putAll(parse(file, pieces[i + 1]));
        }
        Map<String, String> on = new TreeMap<>();
        values.forEach((manager, found) -> autoLogin(manager, found).ifPresent(where -> on.put(manager, where)));
        Optional<String> service = unit.isEmpty()
                ? Optional.empty()
                : Optional.of(unit.substring(unit.lastIndexOf('/') + 1).replaceFirst("\\.service$", ""));
        // What is set for one that is not started logs nobody in.
        service.flatMap(name -> FILES.keySet().stream().filter(name::contains).findFirst())
                .ifPresent(started -> on.keySet().retainAll(Set.of(started)));
        return new AutoLogin(service, on, values.keySet());
    }

    private static String manager(String file) {
        return FILES.keySet().stream().filter(file::contains).findFirst().orElse(file);
    }

    private record Setting(String value, String where) {
        boolean isTrue() {
            return value.equalsIgnoreCase("true") || value.equals("1");
        }
    }

    /** By {@code SECTION/KEY} in lower case; a section by itself stands for itself. */
    private static Map<String, Setting> parse(String file, String text) {
        Map<String, Setting> values = new LinkedHashMap<>();
        String section = "";
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1).strip().toLowerCase(Locale.ROOT);
                section = section.startsWith("seat") ? "seat" : section;
                values.put(section, new Setting("", "%s:%d".formatted(file, number)));
            } else if (!line.startsWith("#") && !line.startsWith(";") && line.indexOf('=') > 0) {
                String key = line.substring(0, line.indexOf('=')).strip().toLowerCase(Locale.ROOT);
                String value = line.substring(line.indexOf('=') + 1).strip();
                values.put(section + "/" + key, new Setting(value, "%s:%d: %s".formatted(file, number, line)));
            }
        }
        return values;
    }

    private static Optional<String> autoLogin(String manager, Map<String, Setting> values) {
        return switch (manager) {
            case "sddm" -> named(values, "autologin/user");
            case "lightdm" -> named(values, "seat/autologin-user").or(() -> enabled(values, "seat/autologin-guest"));
            case "greetd" -> Optional.ofNullable(values.get("initial_session")).map(Setting::where);
            default ->
                enabled(values, "daemon/automaticloginenable").or(() -> enabled(values, "daemon/timedloginenable"));
        };
    }

    private static Optional<String> named(Map<String, Setting> values, String key) {
        return Optional.ofNullable(values.get(key))
                .filter(setting -> !setting.value().isEmpty())
                .map(Setting::where);
    }

    private static Optional<String> enabled(Map<String, Setting> values, String key) {
        return Optional.ofNullable(values.get(key)).filter(Setting::isTrue).map(Setting::where);
    }

    /** Whether the display manager that starts with the board is one whose settings hil does not read. */
    public boolean isUnknown() {
        return service.isPresent() && FILES.keySet().stream().noneMatch(service.get()::contains);
    }

    /** Whether nobody is logged in automatically, as far as it can be read; for the rest the definition has a word. */
    public boolean isOff(BoardDefinition definition) {
        return settings.isEmpty() && (!isUnknown() || definition.preflight().autoLoginChecked());
    }

    @Override
    public String toString() {
        if (!settings.isEmpty()) {
            return "a display manager logs somebody in by itself: %s. Comment that out; it takes effect with the next boot"
                    .formatted(String.join("; ", new TreeMap<>(settings).values()));
        }
        if (isUnknown()) {
            return ("the display manager %s is started with the board, and hil cannot read whether it logs somebody in by itself"
                            + " (it knows sddm, gdm, lightdm and greetd): look, and write preflight.auto_login = \"off\"")
                    .formatted(service.orElse(""));
        }
        return service.map(name -> "%s logs nobody in by itself".formatted(name))
                .orElse(
                        known.isEmpty()
                                ? "there is no display manager"
                                : "no display manager is started with the board; %s would log nobody in by themselves"
                                        .formatted(String.join(", ", known)));
    }
}
