package dev.hil.junit;

import dev.hil.record.Evidence;
import dev.hil.virtual.VirtualBoards;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A board with which nothing is wrong, run again and again: whatever comes out red is so falsely. Argument: how often
 * (20).
 */
public final class CleanRuns {
    private CleanRuns() {}

    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        List<String> reds = new ArrayList<>();
        Path folder = Files.createTempDirectory("hil-clean-runs");
        for (int i = 1; i <= runs; i++) {
            PlanRun.Outcome outcome = PlanRun.onTheEmulatedBoard(
                            folder, VirtualBoards.text(), Evidence.defaultHome().resolve("clean-runs"))
                    .execute(SabotageIT.Smoked.class);
            for (Map.Entry<String, Throwable> red : outcome.failed().entrySet()) {
                reds.add("run %d, %s: %s"
                        .formatted(i, red.getKey(), red.getValue().getMessage()));
            }
            if (outcome.passed().size() + outcome.failed().size() < 4) {
                reds.add("run %d: only %s ran".formatted(i, outcome.started()));
            }
            System.out.printf("clean run %d of %d: %d false reds so far%n", i, runs, reds.size());
        }
        System.out.printf("%d clean runs: %d false reds%n%s%n", runs, reds.size(), String.join("\n", reds));
        if (!reds.isEmpty()) {
            throw new AssertionError(reds.size() + " false reds, see above");
        }
    }
}
