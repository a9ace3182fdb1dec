package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.board.DefinitionException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoardSelectionTest {

    @Test
    void nothingAskedForIsNoBoard() {
        assertThat(select(Map.of(), Map.of())).isEmpty();
        assertThat(select(Map.of("board", " ", "hil.profiles", "requested:[]"), Map.of("HIL_BOARD", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"requested:[board=ampere]", "requested:[fast, board=ampere]", "requested:[board=ampere, x=y]"})
    void aProfileSelectsIt(String profiles) {
        assertThat(select(Map.of("hil.profiles", profiles), Map.of())).contains("ampere");
    }

    @Test
    void otherProfilesSelectNothing() {
        assertThat(select(Map.of("hil.profiles", "requested:[selftest, fast]"), Map.of()))
                .isEmpty();
    }

    @Test
    void aPropertySelectsIt() {
        assertThat(select(Map.of("board", " ampere "), Map.of())).contains("ampere");
    }

    @Test
    void theEnvironmentSelectsIt() {
        assertThat(select(Map.of(), Map.of("HIL_BOARD", " ampere "))).contains("ampere");
    }

    @Test
    void whatIsAskedForOnTheCommandLineOverrulesTheEnvironment() {
        assertThat(select(Map.of("board", "virtual"), Map.of("HIL_BOARD", "ampere")))
                .contains("virtual");
    }

    @Test
    void theSameBoardAskedForTwiceIsOneBoard() {
        assertThat(select(Map.of("board", "ampere", "hil.profiles", "requested:[board=ampere]"), Map.of()))
                .contains("ampere");
    }

    @Test
    void twoBoardsAreRefusedNamingBothWays() {
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(
                        () -> select(Map.of("board", "virtual", "hil.profiles", "requested:[board=ampere]"), Map.of()))
                .withMessage(
                        "more than one board was asked for (-Dboard=virtual, -Pboard=ampere): a run uses one. Leave"
                                + " all but one out.");
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> select(Map.of("hil.profiles", "requested:[board=a, board=b]"), Map.of()))
                .withMessageContaining("-Pboard=a, -Pboard=b");
    }

    private static Optional<String> select(Map<String, String> properties, Map<String, String> environment) {
        return BoardSelection.of(properties::get, environment::get);
    }
}
