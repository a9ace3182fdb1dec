@NullMarked
package dev.hil.engine;

import org.jspecify.annotations.NullMarked;
