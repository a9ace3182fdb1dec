@NullMarked
package dev.hil.plan;

import org.jspecify.annotations.NullMarked;
