@NullMarked
package dev.hil.lint;

import org.jspecify.annotations.NullMarked;
