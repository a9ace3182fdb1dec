package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.boot.CommandLine;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.boot.RamoopsGeometry;
import dev.hil.kernel.KernelConfig;
import dev.hil.kernel.KernelRelease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that the rules see.
 *
 * @param definition the board's definition with its plan
 * @param board what the board itself says, as far as it was asked
 */
public record Facts(BoardDefinition definition, BoardFacts board) {

    /** What is known without asking the board. */
    public static Facts offline(BoardDefinition definition) {
        return new Facts(definition, BoardFacts.unknown("the board was not asked"));
    }

    /** What the command line of the kernel under test is to hold. */
    Fact<CommandLine> plannedCommandLine() {
        return planned(definition.plan().append(), "plan.append");
    }

    /** The command line of the kernel under test as it stands in the menu, where it does already. */
    Optional<Fact.Known<CommandLine>> testLabelsLine() {
        Fact<ExtlinuxMenu> menu = board.menu();
        return menu instanceof Fact.Known<ExtlinuxMenu> known
                ? known.value().entries().stream()
                        .filter(entry -> entry.label().equals(definition.boot().test()))
                        .findFirst()
                        .map(entry -> new Fact.Known<>(
                                CommandLine.parse(entry.append().orElse("")),
                                "%s, line %d, label %s".formatted(known.from(), entry.line(), entry.label())))
                : Optional.empty();
    }

    /** The command lines that the kernel under test has or is to have; the planned one is written down as needed. */
    List<Fact.Known<CommandLine>> testLines(RuleSheet sheet, String what) {
        List<Fact.Known<CommandLine>> lines = new ArrayList<>();
        sheet.need(plannedCommandLine(), what).ifPresent(lines::add);
        // That the menu is not known is said by the rule about the menu.
        testLabelsLine().ifPresent(lines::add);
        return lines;
    }

    /** The options that the plan sets. */
    Fact<KernelConfig> plannedConfig() {
        return definition.plan().config().isEmpty()
                ? new Fact.Unknown<>("%s has no plan.config".formatted(definition.file()))
                : new Fact.Known<>(new KernelConfig(definition.plan().config(), false), definition.at("plan.config"));
    }

    /** A key of the definition. */
    <T> Fact<T> planned(Optional<T> value, String key) {
        return value.<Fact<T>>map(given -> new Fact.Known<>(given, definition.at(key)))
                .orElseGet(() -> new Fact.Unknown<>("%s has no %s".formatted(definition.file(), key)));
    }

    /** Where a key of the definition stands. */
    String at(String key) {
        return definition.at(key);
    }

    /** Where a parameter stands. */
    static String at(Fact.Known<CommandLine> line, CommandLine.Parameter parameter) {
        return "%s: %s".formatted(line.from(), parameter.name());
    }

    /** The architecture: as the definition has it, by its SoC, by make's ARCH, or as the board says. */
    Fact<String> arch() {
        Optional<String> given = definition.machine().arch();
        if (given.isPresent()) {
            return new Fact.Known<>(given.get(), definition.at("machine.arch"));
        }
        Optional<String> made = definition.kernel().stream()
                .flatMap(kernel -> kernel.make().stream())
                .filter(argument -> argument.startsWith("ARCH="))
                .map(argument -> argument.substring("ARCH=".length()))
                .findFirst();
        if (made.isPresent()) {
            return new Fact.Known<>(made.get(), definition.at("kernel"));
        }
        return board.machine().known().isPresent()
                ? board.machine().map(machine -> machine.equals("aarch64") ? "arm64" : machine)
                : new Fact.Unknown<>("%s has no machine.arch".formatted(definition.file()));
    }

    /** The version of the kernel under test, by the release that the plan expects. */
    Fact<KernelRelease> plannedRelease() {
        Fact<String> release = planned(definition.plan().release(), "plan.release");
        Optional<KernelRelease> parsed = release.known().flatMap(KernelRelease::of);
        return release.known().isPresent() && parsed.isEmpty()
                ? new Fact.Unknown<>("plan.release does not begin with a kernel version")
                : release.map(text -> parsed.orElseThrow());
    }

    /** How the definition divides the memory of ramoops; not known where it does not name every size. */
    Fact<RamoopsGeometry> geometry() {
        if (definition.ramoops().isEmpty()) {
            return new Fact.Unknown<>("%s has no [ramoops]".formatted(definition.file()));
        }
        BoardDefinition.Ramoops ramoops = definition.ramoops().get();
        if (ramoops.record().isEmpty() || ramoops.console().isEmpty()) {
            return new Fact.Unknown<>("%s has no ramoops.%s"
                    .formatted(definition.file(), ramoops.record().isEmpty() ? "record_size" : "console_size"));
        }
        // What a device tree does not name is 0 (ramoops_parse_dt); on the command line it has a default.
        long silent = ramoops.declared() == BoardDefinition.Ramoops.Declared.DEVICE_TREE
                ? 0
                : RamoopsGeometry.COMMAND_LINE_DEFAULT;
        return new Fact.Known<>(
                new RamoopsGeometry(
                        ramoops.size(),
                        ramoops.record().get(),
                        ramoops.console().get(),
                        ramoops.ftrace().orElse(silent),
                        ramoops.pmsg().orElse(silent),
                        ramoops.ecc().orElse(0L)),
                definition.at("ramoops"));
    }

    /** Whether ramoops is what must keep the evidence. */
    boolean capturesByRamoops() {
        return definition.capture() == BoardDefinition.Capture.RAMOOPS;
    }
}
