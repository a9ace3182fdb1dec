package dev.hil.junit;

import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.InfrastructureException;
import dev.hil.plan.KernelUnderTest;
import dev.hil.plan.Step;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The steps that one builds upon. Where a step's class is run alone they are not on the board: that is said, or they are
 * put there first, if {@code -Dhil.apply=earlier} asks for it.
 */
final class EarlierSteps {
    static final String PROPERTY = "hil.apply";

    private EarlierSteps() {}

    static void require(Run run, Step step) {
        KernelUnderTest kernel = run.kernel();
        Series series = Series.read(run.board().claimKernel().series());
        List<SeriesEntry> missing = series.before(step.patch()).stream()
                .filter(patch ->
                        !kernel.hasApplied(patch) && run.proven(patch.name()).isEmpty())
                .toList();
        boolean noKernel = step.patch().isWholeKernel() && !kernel.isOwn();
        if (missing.isEmpty() && !noKernel) {
            return;
        }
        if (!isAskedFor()) {
            throw new InfrastructureException(
                    ("step %s builds upon what board %s lacks: %s. Run the whole plan; or have that put onto the board first,"
                                    + " without tests of its own: -D%s=earlier")
                            .formatted(step.patch().name(), run.board().name(), words(missing, noKernel), PROPERTY));
        }
        if (!kernel.isOwn() && (noKernel || missing.stream().anyMatch(SeriesEntry::isWholeKernel))) {
            kernel.boot();
        }
        for (SeriesEntry patch : missing) {
            Step earlier = kernel.step(patch.name());
            run.evidence()
                    .ifPresent(evidence -> evidence.event("step", "earlier step " + patch.name() + ", not tested"));
            earlier.apply();
        }
    }

    private static String words(List<SeriesEntry> missing, boolean noKernel) {
        String kernel = "a kernel that this run has built and installed (steps 1.1 to 1.6)";
        if (missing.isEmpty()) {
            return kernel;
        }
        boolean whole = noKernel || missing.stream().anyMatch(SeriesEntry::isWholeKernel);
        return (whole ? kernel + ", and " : "")
                + missing.stream().map(SeriesEntry::name).collect(Collectors.joining(", "));
    }

    private static boolean isAskedFor() {
        String asked = System.getProperty(PROPERTY, "");
        if (!asked.isEmpty() && !asked.equals("earlier")) {
            throw new InfrastructureException(
                    "-D%s=%s is not understood: -D%s=earlier puts the earlier steps of the series onto the board first"
                            .formatted(PROPERTY, asked, PROPERTY));
        }
        return !asked.isEmpty();
    }
}
