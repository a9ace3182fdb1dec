@NullMarked
package dev.hil.link;

import org.jspecify.annotations.NullMarked;
