package dev.hil.iter6;

import dev.hil.junit.BisectStep;
import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;

@BisectStep(order = 1, patch = "0004")
@DisplayName("2.1 vb2 core helper and Kconfig (0004), whole kernel")
class Step21ReleaseFencesIT implements DecodeSmoke, ContentionSmoke, StepAssertions {}
