package dev.hil.board;

import dev.hil.link.InfrastructureException;
import java.io.Console;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Someone may be using the board: what the definition asks consent for is never assumed. It is given by {@code
 * -Dhil.consent=reboot}, or by whoever sits at this process's terminal; then for the whole run.
 */
public final class Consent {
    private static final Set<String> GIVEN = ConcurrentHashMap.newKeySet();

    private Consent() {}

    /**
     * Makes sure that the board may be rebooted.
     *
     * @throws InfrastructureException where consent is asked for and not given
     */
    // Later versions of Java give a console without a terminal too; at the end of its input that consents to nothing.
    @SuppressWarnings("SystemConsoleNull")
    public static void toReboot(BoardDefinition definition) {
        Console console = System.console();
        toReboot(
                definition,
                console == null ? Optional.empty() : Optional.of(question -> console.readLine("%s", question)));
    }

    /** @param terminal asks a question there, and gives the answer; null where the terminal has ended */
    static void toReboot(BoardDefinition definition, Optional<UnaryOperator<@Nullable String>> terminal) {
        List<String> given = List.of(System.getProperty("hil.consent", "").split(",", -1));
        if (!definition.attended().askBeforeReboot() || given.contains("reboot") || GIVEN.contains(definition.name())) {
            return;
        }
        if (terminal.isPresent()) {
            String answer = terminal.get()
                    .apply(
                            "Board %s may be in use (`ssh %s who` tells). Reboot it, now and as often as this run needs? [y/N] "
                                    .formatted(
                                            definition.name(), definition.ssh().host()));
            if (answer != null && Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
                GIVEN.add(definition.name());
                return;
            }
        }
        throw new InfrastructureException(
                ("%s says attended.reboot = \"ask\": board %s is not rebooted without consent. Ask whoever uses it"
                                + " (`ssh %s who` shows who is logged in), then run again with -Dhil.consent=reboot.")
                        .formatted(
                                definition.file(),
                                definition.name(),
                                definition.ssh().host()));
    }
}
