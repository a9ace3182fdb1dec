@NullMarked
package dev.hil.virtual;

import org.jspecify.annotations.NullMarked;
