package dev.hil.klog;

import java.util.Comparator;
import java.util.List;

/**
 * Everything a log says.
 *
 * @param findings in the order of their first lines
 * @param boots in the order of the log; at least one, even for an empty log
 * @param lines number of physical lines read
 * @param bytes number of bytes read
 */
public record KlogResult(List<Finding> findings, List<Boot> boots, long lines, long bytes) {

    public KlogResult {
        findings = findings.stream()
                .sorted(Comparator.comparingLong(Finding::firstLine))
                .toList();
        boots = List.copyOf(boots);
    }

    /** The worst lockdep verdict of all boots: one boot without proof leaves the whole log without. */
    public LockdepState.Verdict lockdep() {
        return boots.stream()
                .map(boot -> boot.lockdep().verdict())
                .min(Comparator.naturalOrder())
                .orElse(LockdepState.Verdict.NOT_SEEN);
    }
}
