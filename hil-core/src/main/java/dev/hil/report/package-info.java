/** What a run leaves for people and programs: {@code report.json}, the page made from it, and what CI servers read. */
@NullMarked
package dev.hil.report;

import org.jspecify.annotations.NullMarked;
