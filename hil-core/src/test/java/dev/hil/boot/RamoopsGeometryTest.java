package dev.hil.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RamoopsGeometryTest {

    /** The plan's own sum: "256 KB console buffer + 11 × 64 KB oops records", with the kernel's defaults for the rest. */
    @Test
    void thePlansLineMakesElevenRecords() {
        CommandLine line = CommandLine.parse("ramoops.mem_address=0x10000000 ramoops.mem_size=0x100000"
                + " ramoops.record_size=0x10000 ramoops.console_size=0x40000");

        assertThat(RamoopsGeometry.of(line)).get().satisfies(geometry -> {
            assertThat(geometry).isEqualTo(new RamoopsGeometry(0x100000, 0x10000, 0x40000, 0x1000, 0x1000, 0));
            assertThat(geometry.dumpRecords()).isEqualTo(11);
            assertThat(geometry.problems()).isEmpty();
        });
    }

    @Test
    void aLineWithoutRamoopsAsksForNone() {
        assertThat(RamoopsGeometry.of(CommandLine.parse("quiet ramoops.ecc=1"))).isEmpty();
    }

    @Test
    void oneOfEccStandsForSixteenBytes() {
        assertThat(RamoopsGeometry.of(CommandLine.parse("ramoops.mem_size=0x100000 ramoops.ecc=1")))
                .get()
                .extracting(RamoopsGeometry::ecc)
                .isEqualTo(16L);
    }

    @ParameterizedTest
    @CsvSource({"16,16", "0x10,16", "020,16", "0,0", "0xffffffffffffffff,-1"})
    void numbersAreReadAsKstrtoullDoes(String text, long number) {
        assertThat(RamoopsGeometry.number(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1M", "", "0x", "abc", "-1", "1 "})
    void whatTheKernelWouldNotTakeIsRefused(String text) {
        assertThatExceptionOfType(NumberFormatException.class).isThrownBy(() -> RamoopsGeometry.number(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0x100000 | 0x18000 | 0x40000 | the record size 0x18000 is no power of two: the kernel uses 0x10000
            0x100000 | 0x80000 | 0x100000 | no dump record of 0x80000 fits into the 0x0
            0x40000  | 0x10000 | 0x80000 | console, ftrace and pmsg take 0x80000 of 0x40000
            """)
    void whatTheKernelWouldDoOtherwiseIsTold(String size, String record, String console, String problem) {
        RamoopsGeometry geometry = new RamoopsGeometry(
                RamoopsGeometry.number(size), RamoopsGeometry.number(record), RamoopsGeometry.number(console), 0, 0, 0);

        assertThat(geometry.problems()).singleElement().asString().startsWith(problem);
    }
}
