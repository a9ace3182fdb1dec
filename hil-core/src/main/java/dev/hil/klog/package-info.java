/**
 * Kernel logs: bytes in, findings out.
 *
 * <p>A <b>line</b> is one physical line of a log, counted from 1; what a console, dmesg, journald or pstore put before
 * the kernel's own words is its <b>prefix</b>, the rest its <b>message</b>. A <b>report</b> is the run of messages by
 * which the kernel tells of one event; a <b>finding</b> is what was made of it. A <b>boot</b> is one run of a kernel.
 *
 * <p>{@link dev.hil.klog.KlogScanner} reads, {@link dev.hil.klog.KlogListener} hears. The package knows no board, no
 * file system and no JUnit, never throws on what a log contains, and holds a bounded amount of memory whatever comes.
 * The strings looked for are those of Linux 4.x to 7.2 (kernel/locking/lockdep.c and friends).
 */
@NullMarked
package dev.hil.klog;

import org.jspecify.annotations.NullMarked;
