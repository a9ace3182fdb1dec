@NullMarked
package dev.hil.kernel;

import org.jspecify.annotations.NullMarked;
