package dev.hil.link;

import java.io.IOException;
import java.io.OutputStream;

/** Hands an output on until it is shut: what comes late must not reach a file that is being used already. */
final class OutputGate extends OutputStream {
    private final OutputStream out;
    private volatile long passed;
    private volatile boolean busy;
    private boolean shut;

    OutputGate(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (!shut) {
            busy = true;
            out.write(bytes, offset, length);
            passed += length;
            busy = false;
        }
    }

    /** Bytes that went through. */
    long passed() {
        return passed;
    }

    /** Whether who takes the output is still at it. */
    boolean isBusy() {
        return busy;
    }

    synchronized void shut() {
        shut = true;
    }
}
