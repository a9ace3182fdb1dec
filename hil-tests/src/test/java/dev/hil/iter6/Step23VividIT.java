package dev.hil.iter6;

import dev.hil.junit.BisectStep;
import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;

@BisectStep(order = 3, patch = "0006")
@DisplayName("2.3 vivid opts in (0006)")
class Step23VividIT implements DecodeSmoke, ContentionSmoke, StepAssertions {}
