@NullMarked
package dev.hil;

import org.jspecify.annotations.NullMarked;
