/** Boot menus: parse, check, edit without losing a byte. Knows text, not machines. */
@NullMarked
package dev.hil.boot;

import org.jspecify.annotations.NullMarked;
