package dev.hil.iter6;

import dev.hil.junit.CaptureGate;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;

/** Row 1.8a: {@code echo c > /proc/sysrq-trigger}, and what it leaves is copied out before it is cleared. */
@HilTest
@HardGate
@Order(118)
@DisplayName("1.8a ramoops")
class Base18aRamoopsGateIT implements CaptureGate {}
