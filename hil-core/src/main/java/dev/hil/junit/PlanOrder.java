package dev.hil.junit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Order;

/**
 * Puts the classes of a plan in the plan's order: by {@code @Order}, where {@link BisectStep} number n counts as 200 +
 * n. So preparation and gates have orders below 200, what follows the steps 300 and more. Select it by
 * {@code junit.jupiter.testclass.order.default = dev.hil.junit.PlanOrder} in junit-platform.properties.
 */
public final class PlanOrder extends ClassOrderer.OrderAnnotation {
    private static final int STEPS = 200;
    private static volatile List<String> last = List.of();
    private static volatile List<String> steps = List.of();

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparingInt(PlanOrder::position));
        last = context.getClassDescriptors().stream().map(PlanOrder::line).toList();
        steps = context.getClassDescriptors().stream()
                .flatMap(descriptor -> descriptor.findAnnotation(BisectStep.class).stream())
                .map(BisectStep::patch)
                .toList();
    }

    /** How the names of the steps' patches begin, in the order that was chosen last. */
    static List<String> steps() {
        return steps;
    }

    /** The plan in the order that was chosen last, a line each. */
    static List<String> last() {
        return last;
    }

    private static String line(ClassDescriptor descriptor) {
        return "%5s  %s  (%s)%s"
                .formatted(
                        position(descriptor) == Order.DEFAULT ? "-" : position(descriptor),
                        descriptor.getDisplayName(),
                        descriptor.getTestClass().getName(),
                        descriptor
                                .findAnnotation(BisectStep.class)
                                .map(step -> "  patch " + step.patch())
                                .orElse(""));
    }

    private static int position(ClassDescriptor descriptor) {
        Optional<BisectStep> step = descriptor.findAnnotation(BisectStep.class);
        return step.isPresent()
                ? STEPS + step.get().order()
                : descriptor.findAnnotation(Order.class).map(Order::value).orElse(Order.DEFAULT);
    }
}
