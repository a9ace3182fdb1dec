package dev.hil.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.hil.link.ShellQuote;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to take a mutation back, as data, so that another process can do it after this one has died. Every kind is
 * idempotent: carried out twice, or after a mutation that was never made or was made half, it does no harm.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Undo.RestoreText.class, name = "restore-text"),
    @JsonSubTypes.Type(value = Undo.RestoreFile.class, name = "restore-file"),
    @JsonSubTypes.Type(value = Undo.RemoveFile.class, name = "remove-file"),
    @JsonSubTypes.Type(value = Undo.SetDefault.class, name = "set-default"),
    @JsonSubTypes.Type(value = Undo.RemoveLabel.class, name = "remove-label"),
    @JsonSubTypes.Type(value = Undo.RestoreTree.class, name = "restore-tree"),
    @JsonSubTypes.Type(value = Undo.RemoveTree.class, name = "remove-tree"),
    @JsonSubTypes.Type(value = Undo.ReversePatch.class, name = "reverse-patch"),
    @JsonSubTypes.Type(value = Undo.BootLabel.class, name = "boot-label"),
})
public sealed interface Undo {

    /** The machine it is carried out on. */
    enum Where {
        BOARD,
        /** The machine with the kernel tree: the lab host, or the board itself. */
        BUILD_HOST
    }

    Where where();

    /** What it does, for people, ideally as the command they could type. */
    String inWords();

    /** The file or folder it is about, on its machine. */
    String path();

    /** Whether two undos are about one thing, or one about a part of the other's: their order counts then. */
    default boolean concernsTheSameAs(Undo other) {
        return where() == other.where()
                && (path().equals(other.path())
                        || path().startsWith(other.path() + "/")
                        || other.path().startsWith(path() + "/"));
    }

    /** The whole of a small file as it was before, one character a byte (ISO 8859-1), where the ledger keeps one. */
    default Optional<KeptFile> kept() {
        return Optional.empty();
    }

    /**
     * A file whose old content stands in the ledger.
     *
     * @param path where it belongs
     * @param content the whole of it, one character a byte (ISO 8859-1)
     */
    record KeptFile(String path, String content) {}

    /**
     * Writes a small file back as it was.
     *
     * @param content the whole file, one character a byte (ISO 8859-1)
     */
    record RestoreText(Where where, String path, String content) implements Undo {
        @Override
        public String inWords() {
            return "write %s back as it was (%d bytes, kept in the ledger)".formatted(path, content.length());
        }

        @Override
        public Optional<KeptFile> kept() {
            return Optional.of(new KeptFile(path, content));
        }
    }

    /**
     * Puts a backup that lies on the same machine back in place.
     *
     * @param backup where the old file was copied to
     * @param sha256 of the old file; a backup with another sum is not put back
     */
    record RestoreFile(Where where, String path, String backup, String sha256) implements Undo {
        @Override
        public String inWords() {
            return ShellQuote.join(List.of("mv", backup, path));
        }
    }

    /** Removes a file that was not there before. */
    record RemoveFile(Where where, String path) implements Undo {
        @Override
        public String inWords() {
            return ShellQuote.join(List.of("rm", path));
        }
    }

    /**
     * Makes a label the default of a boot menu again. What a person has edited in the menu meanwhile stays.
     *
     * @param menu the menu's path
     * @param label the label that was the default
     * @param content the whole menu as it was, one character a byte (ISO 8859-1)
     */
    record SetDefault(Where where, String menu, String label, String content) implements Undo {
        @Override
        public String path() {
            return menu;
        }

        @Override
        public String inWords() {
            return "in %s, make %s the default label again (DEFAULT %s)".formatted(menu, label, label);
        }

        @Override
        public Optional<KeptFile> kept() {
            return Optional.of(new KeptFile(menu, content));
        }
    }

    /**
     * Takes a label that was not there before out of a boot menu. What a person has edited in the menu meanwhile stays.
     *
     * @param menu the menu's path
     * @param label the label that was added
     * @param content the whole menu as it was, one character a byte (ISO 8859-1)
     */
    record RemoveLabel(Where where, String menu, String label, String content) implements Undo {
        @Override
        public String path() {
            return menu;
        }

        @Override
        public String inWords() {
            return "in %s, delete the lines of label %s".formatted(menu, label);
        }

        @Override
        public Optional<KeptFile> kept() {
            return Optional.of(new KeptFile(menu, content));
        }
    }

    /**
     * Puts the backup of a whole folder, such as a module tree, back in its place.
     *
     * @param path the folder
     * @param backup the copy beside it, on the same file system
     * @param sha256 of the list of its files with their sums; a backup with another sum is not put back
     */
    record RestoreTree(Where where, String path, String backup, String sha256) implements Undo {
        public RestoreTree {
            Trees.requireRemovable(path);
        }

        @Override
        public String inWords() {
            return ShellQuote.join(List.of("rm", "-rf", "--", path)) + " && "
                    + ShellQuote.join(List.of("mv", backup, path));
        }
    }

    /**
     * Removes a folder that was not there before, with all that is in it.
     *
     * @param path below a modules folder, or named {@code hil-...}: nothing else is ever removed as a whole
     */
    record RemoveTree(Where where, String path) implements Undo {
        public RemoveTree {
            Trees.requireRemovable(path);
        }

        @Override
        public String inWords() {
            return ShellQuote.join(List.of("rm", "-rf", "--", path));
        }
    }

    /**
     * Takes a patch out of a source tree again.
     *
     * @param tree the top of a git work tree
     * @param patch the patch file on the lab host; kept in the evidence folder, since the original may change
     * @param strip leading path components, as with {@code patch -p}
     * @param touched the files it changes, with what they were before; for a patch that went in half
     */
    record ReversePatch(Where where, String tree, String patch, int strip, List<Touched> touched) implements Undo {
        public ReversePatch {
            touched = List.copyOf(touched);
        }

        @Override
        public String path() {
            return tree;
        }

        @Override
        public String inWords() {
            return "git -C %s apply -R -p%d - < %s".formatted(ShellQuote.quote(tree), strip, ShellQuote.quote(patch));
        }
    }

    /**
     * A file that a patch changes.
     *
     * @param path below the tree
     * @param sha256 what it was before; null where it was not there
     * @param copy of what it was before, on the lab host; null where it was not there
     * @param sha256After what the whole patch makes of it; null where it removes it
     */
    record Touched(
            String path,
            @Nullable String sha256,
            @Nullable String copy,
            @Nullable String sha256After) {}

    /**
     * Makes the board run a label again, by a reboot where it runs another.
     *
     * @param label the safe label
     */
    record BootLabel(Where where, String label) implements Undo {
        /** Not a place: it concerns nothing else. */
        @Override
        public String path() {
            return "label " + label;
        }

        @Override
        public String inWords() {
            return "make %s the default label, reboot, and set the default back".formatted(label);
        }
    }

    /** Which folders may be removed as a whole. */
    final class Trees {
        private static final Pattern REMOVABLE =
                Pattern.compile("(?:/usr)?/lib/modules/[^/]+|/(?:[^/]+/)+hil-[^/]+", Pattern.DOTALL);
        private static final Pattern STEPS = Pattern.compile("(?:^|/)\\.{0,2}(?:/|$)");

        private Trees() {}

        /**
         * Refuses what could be a folder of somebody else's.
         *
         * @throws IllegalArgumentException naming the folder
         */
        static void requireRemovable(String path) {
            if (!REMOVABLE.matcher(path).matches()
                    || STEPS.matcher(path.substring(1)).find()) {
                throw new IllegalArgumentException(
                        "%s is not removed as a whole: only /lib/modules/RELEASE and folders named hil-... are"
                                .formatted(path));
            }
        }
    }
}
