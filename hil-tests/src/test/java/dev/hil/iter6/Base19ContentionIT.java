package dev.hil.iter6;

import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;

/** A splat here, before the first patch, means that the fault lies upstream of the series. */
@HilTest
@HardGate
@Order(120)
@DisplayName("1.9 display contention on the unpatched kernel (H1)")
class Base19ContentionIT implements ContentionSmoke, StepAssertions {}
