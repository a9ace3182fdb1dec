package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.Boot;
import dev.hil.board.KernelIdentity;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
@HardGate
@Order(117)
@DisplayName("1.7 lockdep kernel")
class Base17LockdepKernelIT {

    @Test
    @Order(1)
    @DisplayName("1.7 the lockdep kernel boots: its release, and the very build")
    void bootsTheLockdepKernel(Board board, KernelUnderTest kernel) {
        Reset reset = kernel.boot();

        assertThat(reset.verdict()).isEqualTo(ResetVerdict.ORDERED);
        assertThat(reset.after().id()).as("boot_id").isNotEqualTo(reset.before().id());
        Boot boot = board.boot();
        KernelIdentity built = kernel.identity().orElseThrow();
        assertThat(boot).as("%s is %s", boot, built).matches(built::isOf);
    }

    @Test
    @Order(2)
    @DisplayName("1.7 lockdep is proven to be on")
    void lockdepIsOn(Board board) {
        Lockdep lockdep = board.lockdep();

        assertThat(lockdep.state()).as(lockdep.reason()).isEqualTo(LockdepState.PROVEN);
        // The banner that kernels really print; none prints "Lockdep is enabled".
        assertThat(board.exec("dmesg").orThrow().stdout())
                .contains("Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar");
    }
}
