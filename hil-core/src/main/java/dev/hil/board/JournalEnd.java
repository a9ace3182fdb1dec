package dev.hil.board;

import dev.hil.board.ResetEvidence.End;
import dev.hil.klog.KlogResult;
import dev.hil.klog.KlogScanner;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a boot ended by the journal of the board, where it keeps one. */
final class JournalEnd {
    private JournalEnd() {}

    /** The journal of exactly the boot that ended, where there is one. */
    static End read(Shell shell, Boot before, Optional<BootFacts> next, List<String> notes) {
        if (!next.map(BootFacts::journal).orElse(false)) {
            return End.NOT_CAPTURED;
        }
        try {
            ExecResult result = shell.exec(Command.of(
                            "journalctl",
                            "-b",
                            before.id().replace("-", ""),
                            "-n",
                            "100",
                            "-o",
                            "short-monotonic",
                            "--no-pager")
                    .root()
                    .timeout(Duration.ofSeconds(10)));
            if (!result.ok() || result.stdout().isBlank()) {
                notes.add("the journal has nothing of that boot");
                return End.NOT_CAPTURED;
            }
            KlogResult log =
                    KlogScanner.scan(new ByteArrayInputStream(result.stdout().getBytes(StandardCharsets.UTF_8)));
            End end = End.of(log);
            notes.add("journal of that boot: " + (end == End.CLEAN ? "it went down in order" : "it just ends"));
            return end;
        } catch (InfrastructureException e) {
            notes.add("the journal could not be read: " + e.getMessage());
            return End.NOT_CAPTURED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
