/** The iter6 plan, row by row, to be laid beside the document. Display names begin with the plan's numbers. */
@NullMarked
package dev.hil.iter6;

import org.jspecify.annotations.NullMarked;
