@NullMarked
package dev.hil.report;

import org.jspecify.annotations.NullMarked;
