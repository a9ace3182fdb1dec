package dev.hil.lint;

/** Trap 8: there, but not to be read. */
final class PstoreReadableRule extends Rule {
    PstoreReadableRule() {
        super(
                "pstore-readable",
                "hil may read /sys/fs/pstore",
                "The folder is root's own; a capture that cannot be read is none, and looks like one.",
                "fs/pstore/inode.c: files are 0440, the root folder 0750");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (!facts.capturesByRamoops()) {
            return;
        }
        sheet.need(facts.board().pstoreMounted(), "whether pstore is mounted").ifPresent(mounted -> {
            if (!mounted.value()) {
                sheet.error(
                        mounted.from(),
                        "no pstore is mounted on /sys/fs/pstore",
                        "mount -t pstore pstore /sys/fs/pstore, in the board's fstab");
            }
        });
        sheet.need(facts.board().pstoreReadable(), "whether pstore can be read").ifPresent(readable -> {
            if (!readable.value()) {
                sheet.error(
                        readable.from(),
                        "it cannot be listed",
                        facts.definition().ssh().sudo()
                                ? "let sudo run ls, cat, find, stat and sha256sum without a password"
                                : "ssh.sudo = true, or log in as root; see " + facts.at("ssh"));
            }
        });
    }
}
