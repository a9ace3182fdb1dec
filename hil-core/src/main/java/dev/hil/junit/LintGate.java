package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.lint.LintFinding;
import dev.hil.lint.LintReport;
import dev.hil.lint.LintText;
import dev.hil.lint.Linter;
import dev.hil.lint.LiveFacts;
import dev.hil.lint.Severity;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The first gate of a plan: implement it in a class with {@link HardGate}. The linter's errors stop the plan. */
public interface LintGate {
    private static Map<String, String> asMap(LintFinding finding) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("rule", finding.rule());
        values.put("severity", finding.severity().word());
        values.put("where", finding.where());
        values.put("what", finding.what());
        values.put("why", finding.why());
        values.put("source", finding.source());
        values.put("instead", finding.instead());
        return values;
    }

    /** The definition, the plan and the board that is there do not contradict each other. */
    @Test
    @Order(1)
    @DisplayName("definition, plan and board agree")
    default void definitionPlanAndBoardAgree(Board board) {
        LintReport report = Linter.run(LiveFacts.read(board));
        Path whole = board.evidence().write("lint.txt", String.join("\n", LintText.lines(report)) + "\n");
        // Said before the first reboot, not when it is needed.
        board.definition()
                .plan()
                .recovery()
                .ifPresent(way -> board.evidence().event("recovery", "if the board does not come back: " + way));
        for (LintFinding finding : report.findings()) {
            board.evidence().event("lint", LintText.lines(finding).get(0));
            board.evidence().json("lint.jsonl", asMap(finding));
        }
        List<LintFinding> errors = report.of(Severity.ERROR);
        if (!report.passes()) {
            throw new AssertionError("the linter found %d errors:%n%s%nall it found, and what it could not check: %s"
                    .formatted(
                            errors.size(),
                            errors.stream()
                                    .flatMap(finding -> LintText.lines(finding).stream())
                                    .collect(Collectors.joining(System.lineSeparator())),
                            whole));
        }
    }
}
