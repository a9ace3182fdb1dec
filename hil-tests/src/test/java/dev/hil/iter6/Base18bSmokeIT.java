package dev.hil.iter6;

import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;

/** Before the first patch, good must be proven good. */
@HilTest
@HardGate
@Order(119)
@DisplayName("1.8b smoke of the unpatched kernel")
class Base18bSmokeIT implements DecodeSmoke, StepAssertions {}
