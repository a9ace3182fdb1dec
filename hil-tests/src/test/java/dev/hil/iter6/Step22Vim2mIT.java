package dev.hil.iter6;

import dev.hil.junit.BisectStep;
import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;

@BisectStep(order = 2, patch = "0005")
@DisplayName("2.2 vim2m opts in (0005)")
class Step22Vim2mIT implements DecodeSmoke, ContentionSmoke, StepAssertions {}
