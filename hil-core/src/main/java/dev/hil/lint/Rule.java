package dev.hil.lint;

/** One trap, and how to see it before a board falls into it. */
abstract class Rule {
    private final String id;
    private final String title;
    private final String why;
    private final String source;

    /**
     * Describes the rule.
     *
     * @param id short, and for ever: definitions accept findings by it
     * @param title what must be, in a few words
     * @param why what happens otherwise
     * @param source where that is written: a file of the kernel, documentation
     */
    Rule(String id, String title, String why, String source) {
        this.id = id;
        this.title = title;
        this.why = why;
        this.source = source;
    }

    abstract void check(Facts facts, RuleSheet sheet);

    final String id() {
        return id;
    }

    final String title() {
        return title;
    }

    final String why() {
        return why;
    }

    final String source() {
        return source;
    }
}
