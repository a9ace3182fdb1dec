package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.FileEntry;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

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

    /** Runs classes as one run of Maven does. */
    Outcome execute(Class<?>... classes) {
        try (Session session = open()) {
            return session.execute(classes);
        }
    }

    /** Begins what one run of Maven is: everything executed in it shares one board, until it is closed. */
    Session open() {
        return new Session(properties);
    }

    /** A launcher's session. */
    static final class Session implements AutoCloseable {
        private final Map<String, String> properties;
        /** What registers itself belongs to the run in which this test runs. */
        private final LauncherSession session = LauncherFactory.openSession(LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .build());

        private Session(Map<String, String> properties) {
            this.properties = Map.copyOf(properties);
        }

        Outcome execute(Class<?>... classes) {
            Outcome outcome = new Outcome();
            Map<String, String> before = new HashMap<>();
            properties.forEach((key, value) -> {
                String old = System.setProperty(key, value);
                if (old != null) {
                    before.put(key, old);
                }
            });
            try {
                session.getLauncher()
                        .execute(
                                LauncherDiscoveryRequestBuilder.request()
                                        .filters(EngineFilter.includeEngines("junit-jupiter"))
                                        .configurationParameter(
                                                "junit.jupiter.testclass.order.default", PlanOrder.class.getName())
                                        .selectors(Stream.of(classes)
                                                .map(type -> selectClass(type))
                                                .toArray(DiscoverySelector[]::new))
                                        .build(),
                                outcome);
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
            return outcome;
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** What became of tests and classes, by display name. */
    static final class Outcome implements TestExecutionListener {
        private final List<String> started = new ArrayList<>();
        private final Map<String, String> skipped = new LinkedHashMap<>();
        private final List<String> passed = new ArrayList<>();
        private final Map<String, String> aborted = new LinkedHashMap<>();
        private final Map<String, Throwable> failed = new LinkedHashMap<>();
        private final Map<String, Path> published = new LinkedHashMap<>();

        @Override
        public synchronized void fileEntryPublished(TestIdentifier test, FileEntry file) {
            published.put(test.getDisplayName() + ": " + file.getPath().getFileName(), file.getPath());
        }

        @Override
        public synchronized void executionSkipped(TestIdentifier test, String reason) {
            skipped.put(test.getDisplayName(), reason);
        }

        @Override
        public synchronized void executionStarted(TestIdentifier test) {
            if (test.isTest()) {
                started.add(test.getDisplayName());
            }
        }

        @Override
        public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failed.put(test.getDisplayName(), result.getThrowable().orElseThrow());
            } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed.add(test.getDisplayName());
            } else if (test.isTest()) {
                aborted.put(
                        test.getDisplayName(),
                        result.getThrowable().map(Throwable::getMessage).orElse(""));
            }
        }

        /** Names of the tests that began, in their order. */
        synchronized List<String> started() {
            return List.copyOf(started);
        }

        /** The reasons of the tests that were skipped. */
        synchronized Map<String, String> skipped() {
            return new LinkedHashMap<>(skipped);
        }

        synchronized List<String> passed() {
            return List.copyOf(passed);
        }

        /** What the tests said that gave up by themselves. */
        synchronized Map<String, String> aborted() {
            return new LinkedHashMap<>(aborted);
        }

        /** What the failed tests and classes threw. */
        synchronized Map<String, Throwable> failed() {
            return new LinkedHashMap<>(failed);
        }

        /** Files that were published with a test, by its name and theirs. */
        synchronized Map<String, Path> published() {
            return new LinkedHashMap<>(published);
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
    }
}
