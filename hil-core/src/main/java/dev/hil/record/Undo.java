package dev.hil.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.hil.link.ShellQuote;
import java.util.List;

/**
 * How to take a mutation back, as data, so that another process can do it after this one has died. Every kind is
 * idempotent: carried out twice, or after a mutation that was never made, it does no harm.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Undo.RestoreText.class, name = "restore-text"),
    @JsonSubTypes.Type(value = Undo.RestoreFile.class, name = "restore-file"),
    @JsonSubTypes.Type(value = Undo.RemoveFile.class, name = "remove-file"),
    @JsonSubTypes.Type(value = Undo.ReversePatch.class, name = "reverse-patch"),
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
     * Takes a patch out of a source tree again.
     *
     * @param patch the patch file on the lab host; kept in the evidence folder, since the original may change
     * @param strip leading path components, as with {@code patch -p}
     */
    record ReversePatch(Where where, String tree, String patch, int strip) implements Undo {
        @Override
        public String inWords() {
            return "git -C %s apply -R -p%d - < %s".formatted(ShellQuote.quote(tree), strip, ShellQuote.quote(patch));
        }
    }
}
