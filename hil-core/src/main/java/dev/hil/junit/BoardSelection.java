package dev.hil.junit;

import dev.hil.board.DefinitionException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which board was asked for. */
final class BoardSelection {
    /** Set by the build to {@code requested:[PROFILE, ...]}: any -Pboard=NAME arrives, though no such profile exists. */
    static final String PROFILES = "hil.profiles";

    private static final Pattern PROFILE = Pattern.compile("board=([^,\\]\\s]+)");

    private BoardSelection() {}

    static Optional<String> current() {
        return of(System::getProperty, System::getenv);
    }

    /**
     * The board that was asked for, if any.
     *
     * @throws DefinitionException where two were
     */
    static Optional<String> of(
            UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
        Set<String> asked = new LinkedHashSet<>();
        List<String> ways = new ArrayList<>();
        String property = properties.apply("board");
        if (property != null && !property.isBlank()) {
            asked.add(property.strip());
            ways.add("-Dboard=" + property.strip());
        }
        String profiles = properties.apply(PROFILES);
        Matcher matcher = PROFILE.matcher(profiles == null ? "" : profiles);
        while (matcher.find()) {
            asked.add(matcher.group(1));
            ways.add("-Pboard=" + matcher.group(1));
        }
        if (asked.size() > 1) {
            throw new DefinitionException(
                    "more than one board was asked for (%s): a run uses one. Leave all but one out."
                            .formatted(String.join(", ", ways)));
        }
        if (!asked.isEmpty()) {
            return asked.stream().findFirst();
        }
        return Optional.ofNullable(environment.apply("HIL_BOARD"))
                .map(String::strip)
                .filter(name -> !name.isEmpty());
    }
}
