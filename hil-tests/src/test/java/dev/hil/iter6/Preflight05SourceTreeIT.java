package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HilTest;
import dev.hil.junit.InformationalGate;
import dev.hil.plan.TreeSurvey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
@InformationalGate
@Order(105)
@DisplayName("0.5 the kernel tree")
class Preflight05SourceTreeIT {

    @Test
    @DisplayName("0.5 expected patches are in, reverted ones are out, nothing else is modified, the series applies")
    void treeIsAsExpected(Board board) {
        TreeSurvey survey = TreeSurvey.of(board);

        board.evidence()
                .event(
                        "tree",
                        "at %s, %d files differ"
                                .formatted(survey.commit(), survey.modified().size()));
        assertThat(survey.findings()).isEmpty();
    }
}
