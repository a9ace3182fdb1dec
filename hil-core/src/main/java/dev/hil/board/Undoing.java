package dev.hil.board;

import dev.hil.boot.BootMenuException;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Shell;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Carries out undos. Each is checked afterwards, and may be carried out twice. */
final class Undoing {
    private final Supplier<BoardFiles> board;
    private final Supplier<BoardFiles> buildHostFiles;
    private final Supplier<Shell> buildHost;
    private final Consumer<String> boot;

    /**
     * The suppliers are asked only when something is to be undone there: the machine may be away now.
     *
     * @param boot makes the board run a label and proves it
     */
    Undoing(
            Supplier<BoardFiles> board,
            Supplier<BoardFiles> buildHostFiles,
            Supplier<Shell> buildHost,
            Consumer<String> boot) {
        this.board = board;
        this.buildHostFiles = buildHostFiles;
        this.buildHost = buildHost;
        this.boot = boot;
    }

    void carryOut(Undo undo) {
        if (undo instanceof Undo.RestoreText text) {
            files(text).ensure(text.path(), bytes(text.content()));
        } else if (undo instanceof Undo.RestoreFile file) {
            files(file).restore(file.path(), file.backup(), file.sha256());
        } else if (undo instanceof Undo.RemoveFile file) {
            files(file).remove(file.path());
        } else if (undo instanceof Undo.SetDefault set) {
            menu(set, set.menu(), set.content(), menu -> menu.withDefault(set.label()));
        } else if (undo instanceof Undo.RemoveLabel remove) {
            menu(remove, remove.menu(), remove.content(), menu -> without(menu, remove.label()));
        } else if (undo instanceof Undo.RestoreTree tree) {
            folders(tree).restore(tree.path(), tree.backup(), tree.sha256());
        } else if (undo instanceof Undo.RemoveTree tree) {
            folders(tree).remove(tree.path());
        } else if (undo instanceof Undo.ReversePatch patch) {
            new PatchReversal(buildHost.get(), patch).carryOut();
        } else if (undo instanceof Undo.BootLabel label) {
            boot.accept(label.label());
        }
    }

    private BoardFiles files(Undo undo) {
        return undo.where() == Undo.Where.BOARD ? board.get() : buildHostFiles.get();
    }

    private Folders folders(Undo undo) {
        return undo.where() == Undo.Where.BOARD ? board.get().folders() : new Folders(buildHost.get(), false);
    }

    /**
     * Takes an edit of a boot menu back. Where nobody else has touched the menu, that gives the very bytes it had; else
     * only what hil had changed is changed back.
     */
    private void menu(Undo undo, String path, String before, UnaryOperator<ExtlinuxMenu> back) {
        BoardFiles files = files(undo);
        files.ensure(path, bytes(restored(path, files, before, back)));
    }

    private static String restored(String path, BoardFiles files, String before, UnaryOperator<ExtlinuxMenu> back) {
        String now = files.exists(path) ? new String(files.read(path), StandardCharsets.ISO_8859_1) : "";
        if (now.equals(before)) {
            return before;
        }
        ExtlinuxMenu menu;
        try {
            menu = ExtlinuxMenu.parse(path, now);
        } catch (BootMenuException e) {
            // Cut off in the middle of being written: nothing of it is anybody's edit.
            return before;
        }
        String undone = back.apply(menu).text();
        return withoutDefaults(undone).equals(withoutDefaults(before)) ? before : undone;
    }

    /** What a person would call the menu's content, without the line that says what boots and without blank ends. */
    private static String withoutDefaults(String text) {
        return text.replaceAll("(?im)^[ \\t]*(?:DEFAULT|ONTIMEOUT)\\b.*(?:\\n|\\z)", "")
                .strip();
    }

    private static ExtlinuxMenu without(ExtlinuxMenu menu, String label) {
        boolean there = menu.entries().stream().anyMatch(entry -> entry.label().equals(label));
        return there ? menu.without(label) : menu;
    }

    private static byte[] bytes(String content) {
        return content.getBytes(StandardCharsets.ISO_8859_1);
    }
}
