/** Measurements that a person runs and reads; no test asserts a time. */
@NullMarked
package dev.hil.bench;

import org.jspecify.annotations.NullMarked;
