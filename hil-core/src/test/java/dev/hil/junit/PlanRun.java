package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

/** Runs classes as JUnit would run a plan, with definitions and state of its own in a temporary folder. */
final class PlanRun {
    /** A board that cannot be reached: its name is refused before anything is tried. */
    static final String BOARD = "tiny";

    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Path home;
    private final String board;

    PlanRun(Path folder) throws IOException {
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(boards.resolve("zebra.toml"), "");
        Files.writeString(boards.resolve(BOARD + ".toml"), """
                name = "tiny"
                capture = "ramoops"
                [ssh]
                host = "-no-host"
                [boot]
                menu = "/boot/extlinux/extlinux.conf"
                safe = "good"
                test = "new"
                [ramoops]
                address = 0x110000
                size = 0xf0000
                """);
        home = folder.resolve("home");
        board = BOARD;
        properties.put("hil.boards", boards.toString());
        properties.put("hil.home", home.toString());
        properties.put("board", "");
        properties.put("hil.profiles", "requested:[]");
    }

    private PlanRun(String board, Path boards, Path home) {
        this.board = board;
        this.home = home;
        properties.put("hil.boards", boards.toString());
        properties.put("hil.home", home.toString());
        properties.put("board", board);
        properties.put("hil.profiles", "requested:[]");
    }

    /**
     * On the emulated board.
     *
     * @param folder where its definition is written to
     * @param definition its text
     * @param home where the evidence is kept
     */
    static PlanRun onTheEmulatedBoard(Path folder, String definition, Path home) throws IOException {
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(boards.resolve("virtual.toml"), definition);
        return new PlanRun("virtual", boards, home);
    }

    PlanRun with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    PlanRun onTheBoard() {
        return with("board", BOARD);
    }

    PlanRun withoutBoard() {
        String environment = System.getenv("HIL_BOARD");
        assumeTrue(environment == null || environment.isBlank(), "HIL_BOARD is set");
        return this;
    }

    /** The folder in which runs keep their evidence. */
    Path runs() {
        return home.resolve(board).resolve("runs");
    }

    Outcome execute(Class<?>... classes) {
        Map<String, String> before = new HashMap<>();
        properties.forEach((key, value) -> {
            String old = System.setProperty(key, value);
            if (old != null) {
                before.put(key, old);
            }
        });
        try {
            return new Outcome(EngineTestKit.engine("junit-jupiter")
                    .configurationParameter("junit.jupiter.testclass.order.default", PlanOrder.class.getName())
                    .selectors(Stream.of(classes)
                            .map(type -> selectClass(type))
                            .toArray(org.junit.platform.engine.discovery.ClassSelector[]::new))
                    .execute());
        } finally {
            properties.keySet().forEach(key -> {
                String old = before.get(key);
                if (old == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, old);
                }
            });
        }
    }

    /** What became of tests and classes, by display name. */
    static final class Outcome {
        private final EngineExecutionResults results;

        Outcome(EngineExecutionResults results) {
            this.results = results;
        }

        /** Names of the tests that began, in their order. */
        List<String> started() {
            return results.testEvents().started().stream().map(Outcome::name).toList();
        }

        /** The reasons of the tests that were skipped. */
        Map<String, String> skipped() {
            Map<String, String> reasons = new LinkedHashMap<>();
            results.allEvents()
                    .filter(event -> event.getType() == EventType.SKIPPED)
                    .forEach(event -> reasons.put(name(event), event.getRequiredPayload(String.class)));
            return reasons;
        }

        List<String> passed() {
            return results.testEvents().succeeded().stream().map(Outcome::name).toList();
        }

        /** What the tests said that gave up by themselves. */
        Map<String, String> aborted() {
            Map<String, String> reasons = new LinkedHashMap<>();
            results.testEvents().aborted().stream()
                    .forEach(event -> reasons.put(
                            name(event),
                            event.getRequiredPayload(TestExecutionResult.class)
                                    .getThrowable()
                                    .map(Throwable::getMessage)
                                    .orElse("")));
            return reasons;
        }

        /** What the failed tests and classes threw. */
        Map<String, Throwable> failed() {
            Map<String, Throwable> failures = new LinkedHashMap<>();
            results.allEvents().finished().stream().forEach(event -> {
                TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
                if (result.getStatus() == Status.FAILED) {
                    failures.put(name(event), result.getThrowable().orElseThrow());
                }
            });
            return failures;
        }

        /** The message of the one failure there is. */
        String failure() {
            assertThat(failed()).as("failures").hasSize(1);
            return String.valueOf(failed().values().iterator().next().getMessage());
        }

        /** What a test or class threw. */
        Throwable failure(String name) {
            return Objects.requireNonNull(failed().get(name), () -> "no failure of " + name);
        }

        private static String name(Event event) {
            return event.getTestDescriptor().getDisplayName();
        }
    }
}
