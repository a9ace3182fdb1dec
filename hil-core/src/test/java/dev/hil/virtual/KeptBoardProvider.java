package dev.hil.virtual;

import dev.hil.board.BoardConnection;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardProvider;
import dev.hil.board.KernelIdentity;
import dev.hil.link.Console;
import dev.hil.link.Power;
import dev.hil.link.SshConfig;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Attaches to an emulated board that another process keeps, as to a board on a desk: so that a plan for the emulated
 * board can die, and its board outlives it. Only {@link PersistentBoard} names it to a run, before the real provider.
 */
public final class KeptBoardProvider implements BoardProvider {
    /** The ssh configuration that leads to the board. */
    static final String PROPERTY = "hil.kept";

    @Override
    public String id() {
        return "virtual";
    }

    @Override
    public BoardConnection connect(BoardDefinition definition, Evidence evidence) {
        PreparedBoard prepared = Recipe.prepare(definition.virtual().recipe(), evidence);
        SshTarget ssh = SshConfig.ofFile(Path.of(System.getProperty(PROPERTY)))
                .resolve(definition.ssh().host());
        return new Kept(VirtualBoardProvider.complete(definition, prepared), ssh, prepared.kernels());
    }

    private record Kept(BoardDefinition definition, SshTarget ssh, Map<String, KernelIdentity> kernels)
            implements BoardConnection {
        @Override
        public Optional<Console> console() {
            return Optional.empty();
        }

        @Override
        public Optional<Power> power() {
            return Optional.empty();
        }

        @Override
        public void claimKernel() {
            // Whoever keeps the board has its tree.
        }

        @Override
        public boolean isThrowAway() {
            return false;
        }

        @Override
        public void close() {
            // The board stays.
        }
    }
}
