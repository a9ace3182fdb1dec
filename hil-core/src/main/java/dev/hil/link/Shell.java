package dev.hil.link;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A way to run commands on a machine: over ssh, or on this host. Implementations are safe for use by several threads.
 * Every method throws {@link LinkException} where the machine cannot be reached.
 */
public interface Shell {

    /** The machine as the user names it, for messages. */
    String name();

    /**
     * Runs a command to its end.
     *
     * @throws CommandException if it was still running at its time limit; a failing exit code is not an exception
     */
    default ExecResult exec(Command command) {
        return exec(command, InputStream.nullInputStream());
    }

    /** As {@link #exec(Command)}, with {@code stdin} as the command's input, read to its end. */
    default ExecResult exec(Command command, InputStream stdin) {
        return run(command, stdin, new OutputCapture(command.maxOutput()));
    }

    /**
     * Runs a command to its end with its output written to {@code stdout} as it comes, whatever its length; the result
     * then holds no output. As {@link #exec(Command)} else.
     */
    ExecResult run(Command command, InputStream stdin, OutputStream stdout);

    default ExecResult exec(String... argv) {
        return exec(Command.of(argv));
    }

    /**
     * Runs a command in the background and hands each piece of its output on as it arrives, on a thread of its own.
     * The command's time limit is not applied.
     */
    Stream stream(Command command, Consumer<byte[]> sink);

    /**
     * Copies a file to the machine: into a temporary name beside the target, checked by checksum, then renamed, so that
     * the target is either the old file or the whole new one.
     */
    default void push(Path local, String remote) {
        FileTransfer.push(this, local, remote, false);
    }

    /**
     * Copies a file of the machine here, checked by checksum.
     *
     * @param maxBytes a longer file is refused
     * @return the file's SHA-256, in hexadecimal
     */
    default String pull(String remote, Path local, long maxBytes) {
        return FileTransfer.pull(this, remote, local, maxBytes, false);
    }

    /** A command running in the background. */
    interface Stream extends AutoCloseable {
        /** Whether output may still come. */
        boolean isOpen();

        /** Why the stream ended, in words; empty while it is open. */
        String endReason();

        /**
         * Waits until the last output has been handed on.
         *
         * @return whether that came to pass in time
         */
        boolean awaitEnd(Duration limit);

        /** Ends the command; what is under way may still be handed on. */
        @Override
        void close();
    }
}
