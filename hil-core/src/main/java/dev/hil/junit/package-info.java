/**
 * Annotations and extensions for JUnit. {@link dev.hil.junit.HilTest} marks a class that needs a board,
 * {@link dev.hil.junit.BisectStep} one that is a step of a patch series.
 */
@NullMarked
package dev.hil.junit;

import org.jspecify.annotations.NullMarked;
