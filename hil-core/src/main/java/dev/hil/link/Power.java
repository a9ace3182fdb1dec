package dev.hil.link;

/** The power switch and the reset button of a board. */
public interface Power {
    /** What switches it, for messages, such as {@code QMP} or {@code PDU outlet 3}. */
    String name();

    void on();

    /** Cuts the power: memory is lost. */
    void off();

    /** Presses reset: memory is kept where the board keeps it. */
    void reset();

    /** Off, then on again. */
    default void cycle() {
        off();
        on();
    }
}
