package dev.hil.link;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The clock of deadlines: monotonic; and where this JVM is being debugged, it stands still while the debugger holds
 * it, so that looking at a variable does not fail the test.
 */
final class WaitClock {
    private static final long TICK = Duration.ofMillis(100).toNanos();
    /** A machine that is merely busy is late by less. */
    private static final long HELD = Duration.ofSeconds(1).toNanos();

    private static volatile long held;
    /** When the clock last saw that nobody holds it; 0 where nobody can. */
    private static volatile long lastTick;

    static {
        if (isDebugged()) {
            lastTick = System.nanoTime();
            Thread ticker = new Thread(WaitClock::tick, "hil-clock");
            ticker.setDaemon(true);
            ticker.start();
        }
    }

    private WaitClock() {}

    static long nanos() {
        long last = lastTick;
        long now = System.nanoTime();
        // Whoever wakes up first after a pause must not wait for the ticker to find out.
        boolean wasHeld = last != 0 && now - last > HELD;
        return (wasHeld ? last + TICK : now) - held;
    }

    private static boolean isDebugged() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp"));
    }

    /** A thread that should wake every tick and was away much longer was held, and everybody else with it. */
    private static void tick() {
        while (true) {
            LockSupport.parkNanos(TICK);
            long now = System.nanoTime();
            long away = now - lastTick;
            if (away > HELD) {
                // Nobody else writes it.
                long before = held;
                held = before + away - TICK;
            }
            lastTick = now;
        }
    }
}
