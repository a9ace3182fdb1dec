package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelConfigTest {

    @Test
    void aConfigurationIsRead() {
        KernelConfig config = KernelConfig.parse("""
                #
                # Automatically generated file; DO NOT EDIT.
                CONFIG_PSTORE=y
                CONFIG_PSTORE_RAM=m
                # CONFIG_PROVE_LOCKING is not set
                CONFIG_LOCALVERSION="-devices"
                CONFIG_HZ=100
                CONFIGURATION=nothing
                """);

        assertThat(config.get("PSTORE")).isEqualTo("y");
        assertThat(config.isBuiltIn("PSTORE_RAM")).isFalse();
        assertThat(config.get("PROVE_LOCKING")).isEqualTo("n");
        assertThat(config.get("LOCALVERSION")).isEqualTo("-devices");
        assertThat(config.get("NEVER_HEARD_OF"))
                .as("a whole configuration names what is set")
                .isEqualTo("n");
        assertThat(config.values()).hasSize(5);
    }

    @Test
    void ofAPlanOnlyWhatItNamesIsKnown() {
        KernelConfig plan = new KernelConfig(Map.of("PSTORE", "y"), false);

        assertThat(plan.knows("PSTORE")).isTrue();
        assertThat(plan.knows("PSTORE_RAM")).isFalse();
        assertThat(plan.get("PSTORE_RAM")).isEmpty();
    }

    @Test
    void somethingElseIsNoConfiguration() {
        assertThat(KernelConfig.parse("gzip: /proc/config.gz: No such file").isEmpty())
                .isTrue();
    }

    @Test
    void whatDidNotTakeIsSaidWithWhatWasWanted() {
        KernelConfig config = KernelConfig.parse("CONFIG_A=y\nCONFIG_M=m\n# CONFIG_N is not set\nCONFIG_S=\"-x\"\n");

        assertThat(config.untaken(Map.of("A", "y", "M", "m", "N", "n", "GONE", "n", "S", "-x", "EMPTY", "")))
                .isEmpty();
        assertThat(config.untaken(Map.of("A", "n", "M", "y", "GONE", "y")))
                .containsExactly("A: wanted n, got y", "GONE: wanted y, got n", "M: wanted y, got m");
    }
}
