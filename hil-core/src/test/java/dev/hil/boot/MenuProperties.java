package dev.hil.boot;

import java.util.ArrayList;
import java.util.List;

/** What holds for any text that is taken for a menu. */
final class MenuProperties {
    private MenuProperties() {}

    /** @throws AssertionError where one does not hold */
    static void check(String text) {
        ExtlinuxMenu menu;
        try {
            menu = ExtlinuxMenu.parse("menu", text);
        } catch (BootMenuException e) {
            return;
        }
        require(menu.text().equals(text), "the text is kept", text);
        for (BootEntry entry :
                menu.entries().subList(0, Math.min(5, menu.entries().size()))) {
            ExtlinuxMenu edited;
            try {
                edited = menu.withDefault(entry.label());
            } catch (BootMenuException e) {
                continue;
            }
            require(edited.defaultLabel().equals(entry.label()), "the default is the wanted one", text);
            require(edited.withDefault(entry.label()).text().equals(edited.text()), "twice is once", text);
            require(edited.entries().size() == menu.entries().size(), "no entry comes or goes", text);
            require(changedLines(text, edited.text()) <= 1, "one line changes at most", text);
        }
    }

    /** Lines that differ, where at most one was put in at the top. */
    private static int changedLines(String before, String after) {
        List<String> old = new ArrayList<>(List.of(before.split("\n", -1)));
        List<String> now = new ArrayList<>(List.of(after.split("\n", -1)));
        int changed = 0;
        if (now.size() == old.size() + 1) {
            now.remove(0);
            changed = 1;
        }
        if (now.size() != old.size()) {
            return Integer.MAX_VALUE;
        }
        for (int i = 0; i < old.size(); i++) {
            changed += old.get(i).equals(now.get(i)) ? 0 : 1;
        }
        return changed;
    }

    private static void require(boolean holds, String what, String text) {
        if (!holds) {
            throw new AssertionError(what + ", but not with: " + text);
        }
    }
}
