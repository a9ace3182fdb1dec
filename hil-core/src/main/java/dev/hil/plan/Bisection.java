package dev.hil.plan;

import dev.hil.link.InfrastructureException;
import java.util.OptionalInt;

/**
 * The search for the first patch of a series with which something regresses. It asks one question again and again: is
 * all well with the first k patches? That nothing is wrong without any patch must be known before, and one bad patch is
 * taken to leave all that follow bad.
 *
 * <p>In order, n patches take up to n questions; halved, at most ⌈log2(n + 1)⌉, since there are n + 1 answers: each of
 * the patches, and none. Either way the answer is proven from both sides: good without the patch, bad with it.
 *
 * @param way how to search
 * @param patches how many there are
 * @param good with so many patches all is known to be well
 * @param bad with so many it is known not to be; one more than there are where none is known to do harm
 */
public record Bisection(Way way, int patches, int good, int bad) {

    /** How to search. */
    public enum Way {
        /** One patch after the other. */
        IN_ORDER,
        /** The middle of what is open. */
        HALVE;

        /** Chooses: {@code halve}, or nothing for one after the other. */
        public static final String PROPERTY = "hil.bisect";

        /**
         * The way that was asked for.
         *
         * @throws InfrastructureException where it is none
         */
        public static Way chosen() {
            String asked = System.getProperty(PROPERTY, "");
            return switch (asked) {
                case "", "order" -> IN_ORDER;
                case "halve" -> HALVE;
                default ->
                    throw new InfrastructureException(
                            "-D%s=%s is not understood: halve searches the series by halves, order (or nothing) goes through it patch by patch"
                                    .formatted(PROPERTY, asked));
            };
        }
    }

    public Bisection {
        if (good < 0 || good >= bad || bad > patches + 1) {
            throw new IllegalArgumentException(
                    "of %d patches, %d cannot be known good and %d bad".formatted(patches, good, bad));
        }
    }

    /** A search that has asked nothing yet. */
    public static Bisection begin(Way way, int patches) {
        return new Bisection(way, patches, 0, patches + 1);
    }

    /** With how many patches to try next; empty where the answer is known. */
    public OptionalInt next() {
        if (bad - good == 1) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(way == Way.IN_ORDER ? good + 1 : good + (bad - good) / 2);
    }

    /** What is known after an answer to {@link #next()}. */
    public Bisection answered(boolean isGood) {
        int asked = next().orElseThrow(() -> new IllegalStateException("there is nothing left to ask: " + this));
        return isGood ? new Bisection(way, patches, asked, bad) : new Bisection(way, patches, good, asked);
    }

    /** The number of the patch that does it, from 1; empty where none does, or it is not known yet. */
    public OptionalInt culprit() {
        return next().isEmpty() && bad <= patches ? OptionalInt.of(bad) : OptionalInt.empty();
    }

    /** The most questions that are asked from here on. */
    public int mostQuestions() {
        int open = bad - good - 1;
        return way == Way.IN_ORDER ? open : Integer.SIZE - Integer.numberOfLeadingZeros(open);
    }
}
