package dev.hil.junit;

import dev.hil.board.PstoreRecord;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what survived the last reset. */
public final class PstoreAssert extends AbstractAssert<PstoreAssert, List<PstoreRecord>> {
    PstoreAssert(List<PstoreRecord> actual) {
        super(actual, PstoreAssert.class);
    }

    /** There are the kernel's last words at a panic or oops. Of which boot is another question: see {@code Reset}. */
    public PstoreAssert hasDmesgRecord() {
        return hasRecord(PstoreRecord.Kind.DMESG);
    }

    /** There is the console output of the boot before. */
    public PstoreAssert hasConsoleRecord() {
        return hasRecord(PstoreRecord.Kind.CONSOLE);
    }

    /** There is what user space had written to /dev/pmsg0. */
    public PstoreAssert hasPmsgRecord() {
        return hasRecord(PstoreRecord.Kind.PMSG);
    }

    /** There is a record of that kind. */
    public PstoreAssert hasRecord(PstoreRecord.Kind kind) {
        isNotNull();
        if (actual.stream().noneMatch(record -> record.kind() == kind)) {
            failWithMessage(
                    "expected a %s record in pstore, but there are %s",
                    kind, actual.stream().map(PstoreRecord::path).toList());
        }
        return this;
    }

    /** A record of that kind holds this text. */
    public PstoreAssert hasRecord(PstoreRecord.Kind kind, String text) {
        hasRecord(kind);
        if (actual.stream()
                .noneMatch(record -> record.kind() == kind && record.text().contains(text))) {
            failWithMessage(
                    "expected a %s record with \"%s\"; none of %s has it",
                    kind, text, actual.stream().map(PstoreRecord::copy).toList());
        }
        return this;
    }

    /** There is no record of that kind. */
    public PstoreAssert hasNoRecord(PstoreRecord.Kind kind) {
        isNotNull();
        if (actual.stream().anyMatch(record -> record.kind() == kind)) {
            failWithMessage(
                    "expected no %s record in pstore, but there are %s",
                    kind, actual.stream().map(PstoreRecord::path).toList());
        }
        return this;
    }
}
