@NullMarked
package dev.hil.junit;

import org.jspecify.annotations.NullMarked;
