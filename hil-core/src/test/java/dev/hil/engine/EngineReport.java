package dev.hil.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of a run how many tests were skipped for want of a container engine, and why. */
public final class EngineReport implements TestExecutionListener {
    private final Map<String, Integer> skipped = new TreeMap<>();
    private final Consumer<String> out;

    public EngineReport() {
        this(System.out::println);
    }

    EngineReport(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        if (reason.startsWith(EngineCondition.PREFIX)) {
            skipped.merge(reason, 1, Integer::sum);
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        skipped.forEach((reason, count) -> out.accept("hil: %d container tests were skipped: %s"
                .formatted(count, reason.substring(EngineCondition.PREFIX.length()))));
        skipped.clear();
    }
}
