/**
 * What was done and what was seen, as data on disk: the {@link dev.hil.record.Ledger} with its
 * {@link dev.hil.record.Undo}s, the {@link dev.hil.record.Lease} and the {@link dev.hil.record.Evidence}. Knows no
 * board.
 */
@NullMarked
package dev.hil.record;

import org.jspecify.annotations.NullMarked;
