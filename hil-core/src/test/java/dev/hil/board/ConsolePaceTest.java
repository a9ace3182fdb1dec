package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.Console;
import dev.hil.link.KnockPace;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class ConsolePaceTest {
    private final StringBuilder shown = new StringBuilder("[    1.0] Run /sbin/init as init process\nboard login: ");

    private final Console console = (Console) Proxy.newProxyInstance(
            Console.class.getClassLoader(),
            new Class<?>[] {Console.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "position" -> (long) shown.length();
                case "since" -> shown.substring(((Long) args[0]).intValue());
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private KnockPace pace(long reached, long lost, String then) {
        ConsolePace pace = new ConsolePace(console, reached, lost);
        assertThat(pace.get()).isEqualTo(KnockPace.PATIENT);
        shown.append(then);
        return pace.get();
    }

    @Test
    void whatTheLastBootSaidIsNoReasonToHurry() {
        assertThat(pace(shown.length(), shown.length(), "")).isEqualTo(KnockPace.PATIENT);
        assertThat(pace(shown.length(), shown.length(), "U-Boot 2023.01\n")).isEqualTo(KnockPace.PATIENT);
    }

    @Test
    void aKernelThatStartsItsUserSpaceIs() {
        assertThat(pace(shown.length(), shown.length(), "Run /sbin/init as init process\n"))
                .isEqualTo(KnockPace.EAGER);
        assertThat(pace(shown.length(), shown.length(), "systemd[1]: Detected\n"))
                .isEqualTo(KnockPace.EAGER);
    }

    /** The end of a link may be noticed only after the next boot has come as far. */
    @Test
    void anInitThatRanBeforeTheLinkWasKnownToBeLostCounts() {
        long reached = shown.length();
        shown.append("U-Boot 2023.01\n[    0.9] Run /sbin/init as init process\n");

        assertThat(new ConsolePace(console, reached, shown.length()).get()).isEqualTo(KnockPace.EAGER);
    }

    @Test
    void aPromptOfTheSameBootDoesNot() {
        long reached = shown.length();
        shown.append("\nboard login: ");

        assertThat(new ConsolePace(console, reached, shown.length()).get()).isEqualTo(KnockPace.PATIENT);
    }
}
