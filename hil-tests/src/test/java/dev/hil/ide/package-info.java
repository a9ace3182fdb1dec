/** What an IDE makes of the plan. */
@NullMarked
package dev.hil.ide;

import org.jspecify.annotations.NullMarked;
