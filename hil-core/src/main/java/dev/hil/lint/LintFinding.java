package dev.hil.lint;

/**
 * One finding of the linter.
 *
 * @param rule the id of the rule
 * @param severity how bad it is
 * @param where {@code FILE:LINE:COLUMN} of the definition, or a file of the board
 * @param what what is wrong
 * @param why why that matters
 * @param source where that is written
 * @param instead what to write or do instead
 */
public record LintFinding(
        String rule, Severity severity, String where, String what, String why, String source, String instead) {}
