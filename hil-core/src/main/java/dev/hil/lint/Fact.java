package dev.hil.lint;

import java.util.Optional;
import java.util.function.Function;

/**
 * Something that a rule wants to know: known, with the place it is known from, or not, with the reason.
 *
 * @param <T> what it is
 */
public sealed interface Fact<T> {

    /**
     * A fact that is known.
     *
     * @param value what is known
     * @param from where from, for messages: a file of the board, a line of the definition
     */
    record Known<T>(T value, String from) implements Fact<T> {}

    /**
     * A fact that is not known.
     *
     * @param why the reason, as the end of a sentence
     */
    record Unknown<T>(String why) implements Fact<T> {}

    /** The value, where it is known. */
    default Optional<T> known() {
        return this instanceof Known<T> known ? Optional.of(known.value()) : Optional.empty();
    }

    /** The fact with another value made of this one, from the same place; not known where this one is not. */
    default <R> Fact<R> map(Function<T, R> change) {
        if (this instanceof Known<T> known) {
            return new Known<>(change.apply(known.value()), known.from());
        }
        return new Unknown<>(((Unknown<T>) this).why());
    }
}
