/**
 * Ways to reach a machine: {@link dev.hil.link.Shell} (ssh, local and in a container, one interface), {@link dev.hil.link.Console}
 * (a serial line) and {@link dev.hil.link.Power}.
 */
@NullMarked
package dev.hil.link;

import org.jspecify.annotations.NullMarked;
