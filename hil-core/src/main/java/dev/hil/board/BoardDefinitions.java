package dev.hil.board;

import dev.hil.board.BoardDefinition.Attended;
import dev.hil.board.BoardDefinition.BootMenu;
import dev.hil.board.BoardDefinition.Capture;
import dev.hil.board.BoardDefinition.Initramfs;
import dev.hil.board.BoardDefinition.Kernel;
import dev.hil.board.BoardDefinition.Machine;
import dev.hil.board.BoardDefinition.Ramoops;
import dev.hil.board.BoardDefinition.Serial;
import dev.hil.board.BoardDefinition.Smoke;
import dev.hil.board.BoardDefinition.Ssh;
import dev.hil.board.BoardDefinition.Virtual;
import dev.hil.boot.CommandLine;
import dev.hil.link.LineAddress;
import dev.hil.link.Recording;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** The board definitions of a folder, one {@code NAME.toml} each. */
public final class BoardDefinitions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** As ssh.c, valid_hostname: no blanks, and nothing that a shell or a configuration file looks at. */
    private static final Pattern HOST = Pattern.compile("[^=\\s\\p{Cntrl}'`\"$\\\\;&<>|(){}]*");

    private static final Pattern MODULES = Pattern.compile("(?:/usr)?/lib/modules/\\P{Cntrl}+");
    private static final Pattern ABSOLUTE = Pattern.compile("/\\P{Cntrl}+");
    private static final Pattern FOLDER = Pattern.compile("~?/\\P{Cntrl}+");

    private static final Pattern GOAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LABEL = GOAL;
    private static final int LONGEST = 64 * 1024;

    private final Path folder;

    public BoardDefinitions(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder named by {@code -Dhil.boards} or {@code HIL_BOARDS}; else {@code fixtures/boards} or {@code boards} of
     * this directory or the nearest one above it that has either.
     */
    public static BoardDefinitions find() {
        String set = System.getProperty("hil.boards", System.getenv("HIL_BOARDS"));
        if (set != null && !set.isBlank()) {
            Path folder = Path.of(set);
            if (!Files.isDirectory(folder)) {
                throw new DefinitionException(
                        "-Dhil.boards (or HIL_BOARDS) names %s, which is no folder".formatted(folder.toAbsolutePath()));
            }
            return new BoardDefinitions(folder);
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path above = start; above != null; above = above.getParent()) {
            for (String candidate : List.of("fixtures/boards", "boards")) {
                if (Files.isDirectory(above.resolve(candidate))) {
                    return new BoardDefinitions(above.resolve(candidate));
                }
            }
        }
        throw new DefinitionException(
                ("there is no folder with board definitions: neither fixtures/boards nor boards in"
                                + " %s or above it. Make one, or name it by -Dhil.boards=DIR.")
                        .formatted(start));
    }

    public Path folder() {
        return folder;
    }

    /** The names there are, sorted. */
    public List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".toml"))
                    .map(file -> file.substring(0, file.length() - ".toml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DefinitionException("cannot list the board definitions in %s: %s".formatted(folder, e));
        }
    }

    /**
     * Reads a definition.
     *
     * @throws DefinitionException naming the definitions there are, or every mistake of the file with line and column
     */
    public BoardDefinition get(String name) {
        if (!NAME.matcher(name).matches() || !names().contains(name)) {
            throw new DefinitionException(
                    "there is no board \"%s\": %s has %s. Choose one of them, or write %s.toml there."
                            .formatted(
                                    name,
                                    folder,
                                    names().isEmpty() ? "no definition" : String.join(", ", names()),
                                    NAME.matcher(name).matches() ? name : "NAME"));
        }
        Path file = folder.resolve(name + ".toml");
        try {
            return parse(name, file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new DefinitionException("the board definition %s is no text in UTF-8".formatted(file));
        } catch (IOException e) {
            throw new DefinitionException("cannot read the board definition %s: %s".formatted(file, e));
        }
    }

    static BoardDefinition parse(String name, Path file, String text) {
        TomlParseResult toml = toml(file, text);
        List<String> mistakes = new ArrayList<>();
        toml.errors()
                .forEach(error -> mistakes.add("%s:%d:%d: %s"
                        .formatted(
                                file, error.position().line(), error.position().column(), error.getMessage())));
        failOn(mistakes);
        BoardDefinition definition;
        try (TomlReader reader = new TomlReader(file, toml, mistakes)) {
            definition = read(name, file, reader);
        }
        failOn(mistakes);
        return definition;
    }

    /** tomlj reads tables within tables by recursion, and lets its stack overflow. */
    private static TomlParseResult toml(Path file, String text) {
        if (text.length() > LONGEST) {
            throw new DefinitionException(
                    "%s has %d characters: that is no board definition".formatted(file, text.length()));
        }
        try {
            return Toml.parse(text);
        } catch (StackOverflowError | RuntimeException e) {
            throw new DefinitionException(
                    "%s cannot be read as TOML: %s".formatted(file, e.getClass().getSimpleName()));
        }
    }

    private static void failOn(List<String> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new DefinitionException(String.join(System.lineSeparator(), mistakes));
        }
    }

    /** Reads a definition key by key; what is wrong with it is noted by the reader. */
    static BoardDefinition read(String name, Path file, TomlReader top) {
        String written = top.required("name", top.string("name"), "\"" + name + "\"");
        if (!written.isBlank() && !written.equals(name)) {
            top.mistake("name", "is \"%s\" but the file is %s.toml: they must be the same".formatted(written, name));
        }
        String provider = top.oneOf("provider", "ssh", "virtual").orElse("ssh");
        String capture = top.required("capture", top.oneOf("capture", "serial", "ramoops"), "\"ramoops\"");
        Optional<Serial> console = top.table("console").map(BoardDefinitions::console);
        if (capture.equals("serial") && console.isEmpty() && provider.equals("ssh")) {
            top.mistake("capture", "is \"serial\", so a table [console] with device and baud is needed");
        }
        Optional<Ramoops> ramoops = top.table("ramoops").map(BoardDefinitions::ramoops);
        if (capture.equals("ramoops") && ramoops.isEmpty()) {
            top.mistake("capture", "is \"ramoops\", so a table [ramoops] with address and size is needed");
        }
        return new BoardDefinition(
                name,
                file,
                provider,
                capture.isEmpty() ? Capture.RAMOOPS : Capture.valueOf(capture.toUpperCase(Locale.ROOT)),
                provider.equals("virtual")
                        ? top.table("ssh").map(table -> ssh(table, file)).orElse(new Ssh(name, false, Optional.empty()))
                        : ssh(top.requiredTable("ssh"), file),
                console,
                boot(top.requiredTable("boot")),
                ramoops,
                top.table("kernel").map(table -> kernel(table, file, provider)),
                top.table("attended").map(BoardDefinitions::attended).orElse(new Attended(false)),
                virtual(top, file, provider),
                top.string("known_issues")
                        .map(known ->
                                file.toAbsolutePath().resolveSibling(known).normalize()),
                smokes(top),
                top.table("machine")
                        .map(BoardDefinitions::machine)
                        .orElse(new Machine(Optional.empty(), Optional.empty())),
                top.table("plan").map(BoardDefinitions::plan).orElse(KernelPlan.NONE),
                top.table("preflight").map(table -> preflight(table, file)).orElse(PreflightPlan.NONE),
                top.durations("estimate", "PHASE"),
                top.table("lint").map(BoardDefinitions::accepted).orElse(Map.of()),
                top.positions());
    }

    private static Machine machine(TomlReader table) {
        try (table) {
            return new Machine(table.string("arch"), table.string("soc"));
        }
    }

    private static KernelPlan plan(TomlReader table) {
        try (table) {
            return new KernelPlan(
                    true,
                    table.string("release"),
                    table.string("safe_release"),
                    table.string("append").map(CommandLine::parse),
                    table.words("config", "SYMBOL"),
                    table.optionalStrings("modules"),
                    table.optionalStrings("log"),
                    table.optionalStrings("pstore"),
                    table.string("recovery"));
        }
    }

    private static PreflightPlan preflight(TomlReader table, Path file) {
        try (table) {
            return new PreflightPlan(
                    table.table("backup").map(BoardDefinitions::backup),
                    folders(table, "present", file),
                    folders(table, "absent", file),
                    table.oneOf("auto_login", "off").isPresent());
        }
    }

    private static List<Path> folders(TomlReader table, String key, Path file) {
        return table.strings(key).stream()
                .map(name -> file.toAbsolutePath().resolveSibling(name).normalize())
                .toList();
    }

    private static PreflightPlan.Backup backup(TomlReader table) {
        try (table) {
            Optional<String> host = table.string("host");
            if (host.isPresent()
                    && (host.get().isBlank() || !HOST.matcher(host.get()).matches())) {
                table.mistake(
                        "host", "is no host name as OpenSSH takes it: \"%s\"".formatted(Recording.excerpt(host.get())));
            }
            List<String> modules = paths(table, "modules", MODULES, "a path below /lib/modules");
            return new PreflightPlan.Backup(
                    modules,
                    table.optionalStrings("boot").map(files -> paths(table, "boot", ABSOLUTE, "an absolute path")),
                    path(table, "folder", "a path that begins with / or ~/").orElse("~/hil-backups"),
                    host,
                    path(table, "host_folder", "a path that begins with / or ~/"));
        }
    }

    private static List<String> paths(TomlReader table, String key, Pattern form, String what) {
        List<String> paths = table.strings(key);
        for (String path : paths) {
            if (!form.matcher(path).matches() || path.contains("/..")) {
                table.mistake(key, "must be %s each, not \"%s\"".formatted(what, Recording.excerpt(path)));
            }
        }
        return paths;
    }

    private static Optional<String> path(TomlReader table, String key, String what) {
        Optional<String> path = table.string(key);
        if (path.isPresent() && !FOLDER.matcher(path.get()).matches()) {
            table.mistake(key, "must be %s, not \"%s\"".formatted(what, Recording.excerpt(path.get())));
        }
        return path;
    }

    private static Map<String, String> accepted(TomlReader table) {
        try (table) {
            return table.words("accept", "RULE");
        }
    }

    private static Ssh ssh(TomlReader table, Path file) {
        try (table) {
            String host = table.required("host", table.string("host"), "\"ampere\"");
            if (!HOST.matcher(host).matches()) {
                table.mistake("host", "is no host name as OpenSSH takes it: \"%s\"".formatted(Recording.excerpt(host)));
            }
            return new Ssh(
                    host,
                    table.bool("sudo").orElse(false),
                    table.string("config")
                            .map(name ->
                                    file.toAbsolutePath().resolveSibling(name).normalize()));
        }
    }

    private static Serial console(TomlReader table) {
        try (table) {
            long baud = table.integer("baud").orElse(115_200L);
            if (baud < 300 || baud > 12_000_000) {
                table.mistake("baud", "is %d: a line runs at 300 to 12000000 bits per second".formatted(baud));
            }
            String device = table.required("device", table.string("device"), "\"/dev/ttyUSB0\"");
            try {
                return new Serial(LineAddress.of(device, (int) baud), (int) baud);
            } catch (IllegalArgumentException e) {
                table.mistake("device", String.valueOf(e.getMessage()));
                return new Serial(new LineAddress.Port(device, (int) baud), (int) baud);
            }
        }
    }

    private static BootMenu boot(TomlReader table) {
        try (table) {
            String safe = table.required("safe", table.string("safe"), "\"arch\"");
            String test = table.required("test", table.string("test"), "\"arch_lockdep\"");
            if (!safe.isEmpty() && safe.equals(test)) {
                table.mistake("test", "is the safe label too (\"%s\"): there would be no way back".formatted(safe));
            }
            return new BootMenu(
                    table.required("menu", table.string("menu"), "\"/boot/extlinux/extlinux.conf\""),
                    safe,
                    test,
                    table.duration("timeout").orElse(Duration.ofMinutes(3)),
                    table.string("uboot"));
        }
    }

    private static Ramoops ramoops(TomlReader table) {
        try (table) {
            Ramoops.Declared declared = table.oneOf("declared", words(Ramoops.Declared.values()))
                    .map(BoardDefinitions::declared)
                    .orElse(Ramoops.Declared.DEVICE_TREE);
            boolean placed = declared != Ramoops.Declared.RESERVE_MEM;
            return new Ramoops(
                    placed
                            ? number(table, "address", "0x110000")
                            : table.integer("address").orElse(0L),
                    number(table, "size", "0xf0000"),
                    declared,
                    size(table, "record_size"),
                    size(table, "console_size"),
                    size(table, "ftrace_size"),
                    size(table, "pmsg_size"),
                    size(table, "ecc"),
                    table.optionalStrings("survives"));
        }
    }

    private static String[] words(Ramoops.Declared... values) {
        return Stream.of(values).map(Ramoops.Declared::word).toArray(String[]::new);
    }

    private static Ramoops.Declared declared(String word) {
        return Stream.of(Ramoops.Declared.values())
                .filter(value -> value.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Long> size(TomlReader table, String key) {
        Optional<Long> value = table.integer(key);
        if (value.isPresent() && value.get() < 0) {
            table.mistake(key, "is %d: it must be 0 or more".formatted(value.get()));
        }
        return value;
    }

    private static long number(TomlReader table, String key, String example) {
        Optional<Long> value = table.integer(key);
        table.required(key, value.map(String::valueOf), example);
        if (value.isPresent() && value.get() <= 0) {
            table.mistake(key, "is %d: it must be more than 0".formatted(value.get()));
        }
        return value.orElse(0L);
    }

    private static Kernel kernel(TomlReader table, Path file, String provider) {
        try (table) {
            BuildPlace place = buildPlace(table);
            Optional<String> tree = table.string("tree");
            // The emulated board brings its own source and build with it.
            if (!provider.equals("virtual")) {
                table.required("tree", tree, "\"~/src/linux\"");
            }
            List<String> make = new ArrayList<>(table.strings("make"));
            table.string("cross").ifPresent(prefix -> make.add("CROSS_COMPILE=" + prefix));
            table.string("arch").ifPresent(arch -> make.add("ARCH=" + arch));
            String series = table.required("series", table.string("series"), "\"../series/NAME\"");
            return new Kernel(
                    tree.orElse(""),
                    table.string("build"),
                    place,
                    List.copyOf(make),
                    Map.of(),
                    file.toAbsolutePath().resolveSibling(series).normalize(),
                    table.table("test").map(BoardDefinitions::kernelUnderTest).orElse(BoardDefinition.Test.DEFAULT));
        }
    }

    private static BuildPlace buildPlace(TomlReader table) {
        String where = table.oneOf("where", "board", "container", "host").orElse("host");
        Optional<String> image = table.string("image");
        if (where.equals("container")) {
            if (image.isEmpty()) {
                table.mistake(
                        "where",
                        "is \"container\": of which image is to be said by image = \"localhost/hil-toolchain:latest\" or"
                                + " the like");
            }
            return new BuildPlace.InContainer(image.orElse(""));
        }
        if (image.isPresent()) {
            table.mistake("image", "is for where = \"container\" only");
        }
        return where.equals("board") ? BuildPlace.BOARD : BuildPlace.HOST;
    }

    private static BoardDefinition.Test kernelUnderTest(TomlReader table) {
        try (table) {
            BoardDefinition.Test usual = BoardDefinition.Test.DEFAULT;
            String[] words = Stream.of(Initramfs.values()).map(Initramfs::word).toArray(String[]::new);
            List<String> goals = table.optionalStrings("goals").orElse(usual.goals());
            if (goals.isEmpty()
                    || !goals.stream().allMatch(goal -> GOAL.matcher(goal).matches())) {
                table.mistake(
                        "goals", "is to be like [\"Image\", \"modules\"]: first the image, a file of arch/ARCH/boot");
            }
            Optional<String> label = table.string("label");
            if (label.filter(text -> !LABEL.matcher(text).matches()).isPresent()) {
                table.mistake("label", "is to be one word of letters, digits, dots, dashes and underscores");
            }
            return new BoardDefinition.Test(
                    label,
                    List.copyOf(table.strings("make")),
                    List.copyOf(goals),
                    table.oneOf("initramfs", words)
                            .flatMap(word -> Stream.of(Initramfs.values())
                                    .filter(value -> value.word().equals(word))
                                    .findFirst())
                            .orElse(usual.initramfs()),
                    Optional.empty());
        }
    }

    private static Attended attended(TomlReader table) {
        try (table) {
            return new Attended(
                    table.oneOf("reboot", "ask", "free").orElse("free").equals("ask"));
        }
    }

    private static Virtual virtual(TomlReader top, Path file, String provider) {
        Path recipe =
                file.toAbsolutePath().resolveSibling("../virtual-board/prepare").normalize();
        Optional<TomlReader> found = top.table("virtual");
        if (found.isEmpty()) {
            return new Virtual(recipe, 0);
        }
        if (!provider.equals("virtual")) {
            top.mistake("virtual", "is for provider = \"virtual\" only");
        }
        try (TomlReader table = found.get()) {
            Optional<String> named = table.string("recipe");
            long port = table.integer("ssh_port").orElse(0L);
            if (port < 0 || port > 65_535) {
                table.mistake("ssh_port", "is %d: a port is 1 to 65535, or 0 for any free one".formatted(port));
            }
            return new Virtual(
                    named.map(name -> file.toAbsolutePath().resolveSibling(name).normalize())
                            .orElse(recipe),
                    (int) port);
        }
    }

    private static Map<String, Smoke> smokes(TomlReader top) {
        Map<String, Smoke> smokes = new LinkedHashMap<>();
        top.tables("smoke", "NAME").forEach((name, table) -> smokes.put(name, smoke(name, table)));
        return smokes;
    }

    private static Smoke smoke(String name, TomlReader table) {
        try (table) {
            String frame = table.required("frame", table.string("frame"), "'frame= *(\\d+)'");
            try {
                Pattern.compile(frame);
            } catch (PatternSyntaxException e) {
                table.mistake("frame", "is no regular expression: " + e.getMessage());
            }
            return new Smoke(
                    name,
                    table.required("command", table.text("command"), "\"ffmpeg ...\""),
                    frame,
                    (int) Math.max(1, Math.min(Integer.MAX_VALUE, number(table, "frames", "60"))),
                    table.duration("timeout").orElse(Duration.ofMinutes(2)),
                    table.bool("root").orElse(false));
        }
    }
}
