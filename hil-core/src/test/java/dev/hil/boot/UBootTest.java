package dev.hil.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What needs no U-Boot; the rest is UBootIT. */
class UBootTest {
    @Test
    void theMenusNumbersAreFoundByWhatItShows() {
        String menu =
                "Arch on a board\r\n1:\tsafe\r\n2:\tArch with lockdep \r\n10:\t\u001b[31mred\u001b[0m\r\nEnter choice: ";

        assertThat(UBoot.entries(menu))
                .containsEntry("safe", "1")
                .containsEntry("Arch with lockdep", "2")
                .containsEntry("red", "10")
                .hasSize(3);
    }

    @Test
    void whatAMenuShowsForALabelIsItsMenuLabel() {
        ExtlinuxMenu menu = ExtlinuxMenu.parse("menu", """
                menu title Boards
                LABEL safe
                    LINUX /Image
                label lockdep
                    menu label Arch with lockdep
                    LINUX /Image-lockdep
                    menu default
                """);

        assertThat(menu.entry("safe").title()).isEqualTo("safe");
        assertThat(menu.entry("lockdep").title()).isEqualTo("Arch with lockdep");
        assertThat(menu.defaultLabel()).isEqualTo("lockdep");
    }
}
