package dev.hil.iter6;

import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.junit.LintGate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;

/** Before the first step: what the plan says of the board is held against the board. */
@HilTest
@HardGate
@Order(100)
@DisplayName("0.0 definition, plan and board agree")
class Preflight00AgreementIT implements LintGate {}
