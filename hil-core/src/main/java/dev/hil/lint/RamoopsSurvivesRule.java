package dev.hil.lint;

import java.util.List;
import java.util.stream.Stream;

/** Trap 3: each kind of reset is another experiment. */
final class RamoopsSurvivesRule extends Rule {
    RamoopsSurvivesRule() {
        super(
                "ramoops-survives",
                "The region is proven to survive the resets that the plan fears",
                "A PMIC that power-cycles, an external watchdog that cuts the power, or firmware that trains "
                        + "DRAM anew loses it. A panic proves only the path of a panic, and the plan is afraid of the "
                        + "watchdog.",
                "the reset paths of PMIC and firmware differ by board; bits decay (the signature 0x43474244 "
                        + "came back as 0x53470200)");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (facts.definition().ramoops().isEmpty() || !facts.capturesByRamoops()) {
            return;
        }
        sheet.need(
                        facts.planned(facts.definition().ramoops().get().survives(), "ramoops.survives"),
                        "which kinds of reset the region was proven to survive")
                .ifPresent(survives -> {
                    List<String> missing = Stream.of("panic", "watchdog")
                            .filter(kind -> !survives.value().contains(kind))
                            .toList();
                    if (!missing.isEmpty()) {
                        sheet.warning(
                                survives.from(),
                                "the region is not proven to survive: " + String.join(", ", missing),
                                "make such a reset happen with a known line in the kernel log, look for it afterwards, and"
                                        + " add the kind to ramoops.survives; until then an empty pstore proves nothing");
                    }
                });
    }
}
