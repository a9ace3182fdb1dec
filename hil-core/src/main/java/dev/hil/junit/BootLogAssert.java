package dev.hil.junit;

import dev.hil.board.BootLog;
import dev.hil.klog.Kind;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a boot's kernel log. */
public final class BootLogAssert extends AbstractAssert<BootLogAssert, BootLog> {
    BootLogAssert(BootLog actual) {
        super(actual, BootLogAssert.class);
    }

    /** No channel has missed any of it. */
    public BootLogAssert isWhole() {
        isNotNull();
        if (!actual.unseen().isEmpty()) {
            failWithMessage("expected the whole log of %s, but %s", actual.boot(), actual.unseen());
        }
        return this;
    }

    /** Nobody has to look at anything in it; known issues and what tests provoke do not count. The log must be whole. */
    public BootLogAssert isClean() {
        isWhole();
        if (!actual.unexpected().isEmpty()) {
            failWithMessage("expected a clean log of %s, but %s", actual.boot(), Messages.of(actual.unexpected()));
        }
        return this;
    }

    /** There is a report of that kind. */
    public BootLogAssert hasFinding(Kind kind) {
        isNotNull();
        if (actual.sightings().stream().noneMatch(sighting -> sighting.kind() == kind)) {
            failWithMessage("expected a report of %s, but there are %s", kind, actual.sightings());
        }
        return this;
    }

    /** There is no report of that kind, and the log is whole. */
    public BootLogAssert hasNoFinding(Kind kind) {
        isWhole();
        if (actual.sightings().stream().anyMatch(sighting -> sighting.kind() == kind)) {
            failWithMessage("expected no report of %s, but there are %s", kind, actual.sightings());
        }
        return this;
    }

    /** The log holds this text. */
    public BootLogAssert contains(String text) {
        isNotNull();
        if (!actual.text().contains(text)) {
            failWithMessage("expected \"%s\" in the log of %s; it is in %s", text, actual.boot(), actual.file());
        }
        return this;
    }
}
