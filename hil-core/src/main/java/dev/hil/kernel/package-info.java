/**
 * The kernel under test: its source tree, the series of patches, building and installing; on the lab host or on the
 * board itself, through any {@link dev.hil.link.Shell}.
 */
@NullMarked
package dev.hil.kernel;

import org.jspecify.annotations.NullMarked;
