package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.Boot;
import dev.hil.board.Reset;
import dev.hil.board.Sighting;
import dev.hil.kernel.KernelBuild;
import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.klog.Category;
import dev.hil.klog.Finding;
import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Sha256;
import dev.hil.link.ShellQuote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A patch with which something regressed: gathers what a {@link BugReport} says of it while it is still there. */
public final class Regression {
    private static final Pattern SUBJECT =
            Pattern.compile("(?m)^Subject: *((?:\\[[^\\]\\n]*\\] *)?)(.{1,300}(?:\\n .{1,300}){0,3})");
    private static final String CODE = "find \"$1\" -type f -name '*.ko' | sort | while read -r f; do"
            + " \"$2\" -O binary -j .text \"$f\" /dev/stdout | sha256sum | sed \"s,-\\$,$f,\"; done";

    /** Each takes a build; with more, a report would be long in coming. */
    private static final int MOST_DIRECTORIES = 6;

    private static final int LONGEST_PATCH_HEAD = 16 * 1024;

    private final Board board;
    private final Series series;
    private final SeriesEntry patch;
    private final String objects;
    private final Optional<KernelBuild> build;

    /**
     * A regression.
     *
     * @param patch of the series that the plan applies
     * @param objects where the kernel with the patch lies built, on the machine with the tree
     */
    public Regression(Board board, Series series, SeriesEntry patch, String objects) {
        this(board, series, patch, objects, Optional.empty());
    }

    private Regression(Board board, Series series, SeriesEntry patch, String objects, Optional<KernelBuild> build) {
        this.board = board;
        this.series = series;
        this.patch = patch;
        this.objects = objects;
        this.build = build;
    }

    /** A regression of the kernel under test. */
    public static Regression of(KernelUnderTest kernel, SeriesEntry patch) {
        KernelBuild build = kernel.build();
        return new Regression(
                kernel.board(), Series.read(kernel.definition().series()), patch, build.objects(), Optional.of(build));
    }

    /**
     * Writes the report into the evidence. To be done before the patch is taken out again: what it was built to is gone
     * then.
     *
     * @param failed what the test said
     */
    public Path write(String failed) {
        return write(board, patch, gather(failed));
    }

    /** Writes a report that was gathered before. */
    static Path write(Board board, SeriesEntry patch, BugReport report) {
        Path page = board.evidence().write("bug-report-%s.md".formatted(patch.shortName()), report.markdown());
        board.evidence().event("report", "ready to be sent: " + page);
        return page;
    }

    /** Gathers it, to be written later if it turns out that it was this patch. */
    BugReport gather(String failed) {
        Optional<Finding> finding = finding();
        Optional<StackDecoder.Decoded> decoded = finding.map(report -> decode(String.join("\n", report.lines())));
        return new BugReport(
                finding.map(Finding::title).orElseGet(() -> headline(failed)),
                failed,
                position(),
                decoded,
                finding.map(this::channels).orElse(List.of()),
                versions(),
                reproduce(),
                board.evidence().folder().toString());
    }

    private static String headline(String failed) {
        return failed.strip().split("\n", 2)[0];
    }

    /** The report of the boot that was tested: a splat before anything else, and what was lived to say before a reset. */
    private Optional<Finding> finding() {
        String boot = board.boot().id();
        List<Finding> seen = board.watch().sightings().stream()
                .filter(sighting -> sighting.boot().equals(boot) && sighting.isUnexpected())
                // That the boot loader spoke is no word of the kernel's.
                .filter(sighting -> sighting.kind().category() != Category.RESET)
                .sorted((one, other) -> Boolean.compare(other.isSplat(), one.isSplat()))
                .flatMap(sighting -> Optional.ofNullable(sighting.finding()).stream())
                .toList();
        Stream<Finding> lastWords = board.watch().resets().stream()
                .filter(reset -> reset.before().id().equals(boot))
                .map(Reset::lastWords)
                .flatMap(List::stream)
                .filter(Finding::isUnexpected);
        return Stream.concat(seen.stream(), lastWords).findFirst();
    }

    private List<String> channels(Finding finding) {
        Set<String> channels = new LinkedHashSet<>();
        for (Sighting sighting : board.watch().sightings()) {
            Finding other = sighting.finding();
            if (other != null && other.fingerprintFine().equals(finding.fingerprintFine())) {
                channels.add(sighting.channel().name());
            }
        }
        return List.copyOf(channels);
    }

    private StackDecoder.Decoded decode(String report) {
        BoardDefinition.Kernel kernel = board.claimKernel();
        try {
            String tree = new KernelTree(board.buildHost(), kernel.tree()).path();
            StackDecoder decoder = new StackDecoder(board.buildHost(), tree, objects, kernel.make());
            StackDecoder.Decoded decoded = decoder.decode(report);
            return decoded.placed() < decoded.frames() ? decodeWithLines(decoder, decoded, report) : decoded;
        } catch (InfrastructureException e) {
            return new StackDecoder.Decoded(report, 0, 0, "it could not be decoded: " + e.getMessage());
        }
    }

    /**
     * A kernel that was built without debug information: the modules that the report names are built once more with line
     * numbers. That changes no code, which is compared; the next build of a directory makes them as they were.
     */
    private StackDecoder.Decoded decodeWithLines(StackDecoder decoder, StackDecoder.Decoded known, String report) {
        if (build.isEmpty()) {
            return known;
        }
        List<String> withLines = new ArrayList<>();
        for (String directory : directories(StackDecoder.modules(report))) {
            String before = code(directory);
            build.get().with("KCFLAGS=-g1").modules(directory, "build-lines.log");
            if (before.isEmpty() || !code(directory).equals(before)) {
                board.evidence()
                        .event(
                                "report",
                                "the modules of %s have other code with line numbers: they decode nothing"
                                        .formatted(directory));
                return known;
            }
            withLines.add(directory);
        }
        StackDecoder.Decoded decoded = decoder.decode(report);
        return decoded.placed() == 0
                ? known
                : new StackDecoder.Decoded(
                        decoded.text(),
                        decoded.frames(),
                        decoded.placed(),
                        "the modules of %s, which have none, were built once more with line numbers for this, with the same code. %s"
                                .formatted(String.join(", ", withLines), decoded.why()));
    }

    /** Where the modules of a report are built, that of the patch first; those of other trees have no place here. */
    private List<String> directories(Set<String> modules) {
        Set<String> directories = new LinkedHashSet<>();
        if (!patch.moduleDirectory().isEmpty()) {
            directories.add(patch.moduleDirectory());
        }
        for (String module : modules) {
            board.buildHost()
                    .exec(Command.of(
                                    "find",
                                    objects,
                                    "-type",
                                    "f",
                                    "-name",
                                    module.replace("_", "[-_]") + ".ko",
                                    "-printf",
                                    "%P\\n")
                            .timeout(Duration.ofMinutes(1)))
                    .orThrow()
                    .text()
                    .lines()
                    .filter(path -> path.matches("[A-Za-z0-9][A-Za-z0-9._/-]+/[^/]+"))
                    .forEach(path -> directories.add(path.substring(0, path.lastIndexOf('/'))));
        }
        return directories.stream().limit(MOST_DIRECTORIES).toList();
    }

    /** Checksums over the code of a directory's modules; empty where they cannot be had. */
    private String code(String directory) {
        String cross = board.claimKernel().make().stream()
                .filter(argument -> argument.startsWith("CROSS_COMPILE="))
                .map(argument -> argument.substring("CROSS_COMPILE=".length()))
                .reduce("", (first, last) -> last);
        return board.buildHost()
                .exec(Command.script(CODE, objects + "/" + directory, cross + "objcopy")
                        .timeout(Duration.ofMinutes(2)))
                .orThrow()
                .text();
    }

    private BugReport.Position position() {
        int index = series.entries().indexOf(patch);
        try {
            return new BugReport.Position(
                    patch.name(),
                    subject(),
                    index + 1,
                    series.entries().size(),
                    String.valueOf(board.claimKernel().series().getFileName()),
                    Sha256.of(patch.file()),
                    series.entries().subList(0, Math.max(0, index)).stream()
                            .map(SeriesEntry::name)
                            .toList());
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the patch %s: %s".formatted(patch.file(), e), e);
        }
    }

    private String subject() throws IOException {
        byte[] bytes = Files.readAllBytes(patch.file());
        String head = new String(bytes, 0, Math.min(bytes.length, LONGEST_PATCH_HEAD), StandardCharsets.UTF_8);
        Matcher matcher = SUBJECT.matcher(head);
        return matcher.find() ? matcher.group(2).replaceAll("\\s+", " ").strip() : "without a subject";
    }

    private Map<String, String> versions() {
        Boot boot = board.boot();
        BoardDefinition.Kernel kernel = board.claimKernel();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("kernel", "%s %s".formatted(boot.release(), boot.version()));
        versions.put("/proc/version", boot.banner());
        versions.put("kernel command line", boot.commandLine());
        versions.put("source", source(kernel));
        versions.put("make", ShellQuote.join(kernel.make()));
        versions.put("board", "%s%s".formatted(board.name(), model()));
        versions.put(
                "hil",
                Optional.ofNullable(Regression.class.getPackage().getImplementationVersion())
                        .orElse("built in place"));
        return versions;
    }

    private String source(BoardDefinition.Kernel kernel) {
        try {
            return new KernelTree(board.buildHost(), kernel.tree()).commit();
        } catch (InfrastructureException e) {
            return "not known: " + e.getMessage();
        }
    }

    /** A board that has just died may not answer; its name has to do then. */
    private String model() {
        try {
            String model = board.exec("cat", "/proc/device-tree/model").text().replace("\0", "");
            return model.isBlank() ? "" : ", " + Recording.excerpt(model);
        } catch (InfrastructureException e) {
            return "";
        }
    }

    private List<String> reproduce() {
        BoardDefinition definition = board.definition();
        BoardDefinition.Kernel kernel = board.claimKernel();
        List<String> steps = new ArrayList<>();
        String hash = source(kernel).split(" ", 2)[0];
        steps.add("Take the source:\n    git checkout %s".formatted(hash));
        StringBuilder apply = new StringBuilder("Apply the series up to and with this patch:");
        for (SeriesEntry entry : series.entries().subList(0, series.entries().indexOf(patch) + 1)) {
            apply.append("\n    git apply -p%d %s".formatted(entry.strip(), entry.name()));
        }
        steps.add(apply.toString());
        Map<String, String> config = new TreeMap<>(definition.plan().config());
        series.entries()
                .subList(0, series.entries().indexOf(patch) + 1)
                .forEach(entry -> config.putAll(entry.config()));
        if (!config.isEmpty()) {
            StringBuilder options = new StringBuilder("Configure, beside what the board needs:");
            config.forEach((symbol, value) -> options.append("\n    CONFIG_%s=%s".formatted(symbol, value)));
            steps.add(options.toString());
        }
        steps.add("Build and install it:\n    make %s".formatted(ShellQuote.join(kernel.make())));
        steps.add("Boot it with this command line:\n    %s"
                .formatted(board.boot().commandLine().strip()));
        StringBuilder exercise = new StringBuilder("Exercise it, and look at the kernel's log:");
        definition
                .smokes()
                .values()
                .forEach(smoke -> smoke.command()
                        .strip()
                        .lines()
                        .forEach(line -> exercise.append("\n    ").append(line)));
        steps.add(exercise.toString());
        steps.add("Or all of it with hil:\n    ./mvnw verify -Pboard=%s -Dhil.series=%s"
                .formatted(board.name(), kernel.series().getFileName()));
        return steps;
    }
}
