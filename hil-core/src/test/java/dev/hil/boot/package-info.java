@NullMarked
package dev.hil.boot;

import org.jspecify.annotations.NullMarked;
