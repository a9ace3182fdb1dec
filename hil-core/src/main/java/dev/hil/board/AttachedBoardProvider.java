package dev.hil.board;

import dev.hil.link.Console;
import dev.hil.link.Power;
import dev.hil.link.SerialConsole;
import dev.hil.link.SerialConsole.Replug;
import dev.hil.link.SshConfig;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import java.util.Map;
import java.util.Optional;

/** A board that is simply there: reached as {@code ssh HOST} reaches it, with its serial line if it has one. */
public final class AttachedBoardProvider implements BoardProvider {
    @Override
    public String id() {
        return "ssh";
    }

    @Override
    public BoardConnection connect(BoardDefinition definition, Evidence evidence) {
        SshTarget target = target(definition);
        HostLease lease = HostLease.take(definition, target, evidence);
        try {
            Optional<Console> console = definition
                    .console()
                    .map(line -> SerialConsole.open(
                            line.address(), Replug.AWAITED, evidence.file("console.log"), evidence.room()));
            return new Attached(definition, target, console, lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** Where such a board answers. */
    public static SshTarget target(BoardDefinition definition) {
        return definition
                .ssh()
                .config()
                .map(SshConfig::ofFile)
                .orElseGet(SshConfig::ofUser)
                .resolve(definition.ssh().host());
    }

    private record Attached(BoardDefinition definition, SshTarget ssh, Optional<Console> console, HostLease lease)
            implements BoardConnection {
        @Override
        public Optional<Power> power() {
            return Optional.empty();
        }

        @Override
        public Map<String, KernelIdentity> kernels() {
            return Map.of();
        }

        @Override
        public void claimKernel() {
            // The lease of the board is the lease of its tree.
        }

        @Override
        public boolean isThrowAway() {
            return false;
        }

        @Override
        public void close() {
            try {
                console.ifPresent(Console::close);
            } finally {
                lease.close();
            }
        }
    }
}
