package dev.hil.board;

/** Where a kernel's tree and compiler are. */
public sealed interface BuildPlace {
    /** On this host. */
    BuildPlace HOST = new OnHost();

    /** On the board itself. */
    BuildPlace BOARD = new OnBoard();

    /** On this host. */
    record OnHost() implements BuildPlace {}

    /** On the board itself. */
    record OnBoard() implements BuildPlace {}

    /**
     * The tree on this host, the compiler in a container that sees it.
     *
     * @param image its name for the container engine, which must have it
     */
    record InContainer(String image) implements BuildPlace {}
}
