@NullMarked
package dev.hil.record;

import org.jspecify.annotations.NullMarked;
