package dev.hil.iter6;

import dev.hil.junit.BisectStep;
import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;

@BisectStep(order = 4, patch = "0007")
@DisplayName("2.4 vicodec opts in (0007)")
class Step24VicodecIT implements DecodeSmoke, ContentionSmoke, StepAssertions {}
