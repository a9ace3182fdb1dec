package dev.hil.plan;

import dev.hil.link.Durations;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the phases of a plan take, beside how long they were thought to. A phase is what the names of its classes
 * begin with: {@code 0} for all that begin with {@code 0.}, and so on; the steps of the series, {@code 2.1} and the like,
 * count one by one.
 */
public final class Phases {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})(?:\\D.*)?");
    private static final String STEPS = "2";

    private final Map<String, Duration> estimates;
    private final LongSupplier nanos;
    private final Map<String, Duration> actual = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Long> open = new LinkedHashMap<>();

    /** @param estimates by phase */
    public Phases(Map<String, Duration> estimates) {
        this(estimates, System::nanoTime);
    }

    Phases(Map<String, Duration> estimates, LongSupplier nanos) {
        this.estimates = Map.copyOf(estimates);
        this.nanos = nanos;
    }

    /** The phase of a class by its name; empty where it does not begin with a number of the plan. */
    static Optional<String> of(String name) {
        Matcher matcher = NUMBER.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String major = matcher.group(1);
        return Optional.of(major.equals(STEPS) ? major + "." + matcher.group(2) : major);
    }

    /** A class of the plan begins. */
    public synchronized void begin(String name) {
        open.put(name, nanos.getAsLong());
    }

    /** It has ended. */
    public synchronized void end(String name) {
        Long began = open.remove(name);
        Optional<String> phase = of(name);
        if (began != null && phase.isPresent()) {
            actual.merge(phase.get(), Duration.ofNanos(nanos.getAsLong() - began), Duration::plus);
            names.putIfAbsent(phase.get(), name);
        }
    }

    /** A table in Markdown, which reads as well on a terminal. */
    public synchronized String table() {
        StringBuilder text = new StringBuilder("| phase | estimated | actual |\n|---|---|---|\n");
        Set<String> phases = new TreeSet<>(Comparator.comparing(Phases::padded));
        phases.addAll(estimates.keySet());
        phases.addAll(actual.keySet());
        Duration all = Duration.ZERO;
        Duration thought = Duration.ZERO;
        for (String phase : phases) {
            Duration took = actual.get(phase);
            Duration estimate = estimates.get(phase);
            all = took == null ? all : all.plus(took);
            thought = estimate == null ? thought : thought.plus(estimate);
            text.append(
                    "| %s | %s | %s |%n".formatted(title(phase), text(estimate, "none"), text(took, "did not run")));
        }
        return text.append("| total | %s | %s |%n".formatted(text(thought, "none"), text(all, "")))
                .toString();
    }

    /** So that 2.10 comes after 2.9. */
    private static String padded(String phase) {
        return Stream.of(phase.split("\\.", -1)).map("%8s"::formatted).collect(Collectors.joining("."));
    }

    private String title(String phase) {
        String what = switch (phase) {
            case "0" -> "Pre-flight";
            case "1" -> "Base kernel and gates";
            case "3" -> "Post-bisect";
            default -> names.getOrDefault(phase, "");
        };
        if (what.isEmpty()) {
            return phase;
        }
        return what.startsWith(phase) ? what : phase + " " + what;
    }

    private static String text(@Nullable Duration duration, String other) {
        return duration == null ? other : Durations.text(duration);
    }
}
