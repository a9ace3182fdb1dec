package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.kernel.KernelConfig;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code cp .config .config.pre-iter6postmortem}; the ledger puts it back. */
@HilTest
@HardGate
@Order(111)
@DisplayName("1.1 configuration saved")
class Base11ConfigurationSavedIT {

    @Test
    @DisplayName("1.1 .config is copied, to be put back")
    void isSaved(KernelUnderTest kernel) {
        KernelConfig before = kernel.saveConfiguration();

        assertThat(before.values()).as(".config").isNotEmpty();
    }
}
