/** Gates, steps and the stop rule: what may run, what was proven, and why the rest did not run. Knows no JUnit. */
@NullMarked
package dev.hil.plan;

import org.jspecify.annotations.NullMarked;
