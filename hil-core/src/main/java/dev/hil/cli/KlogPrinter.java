package dev.hil.cli;

import dev.hil.klog.Boot;
import dev.hil.klog.Finding;
import dev.hil.klog.KlogListener;
import dev.hil.klog.LockdepState.Verdict;
import java.util.HashMap;
import java.util.Map;

/** Prints what a scanner finds in one log, and counts it. */
abstract class KlogPrinter implements KlogListener {

    /** Where the lines of the log stand. */
    protected final LogPlaces places = new LogPlaces();

    private final Map<String, Integer> findingsByFile = new HashMap<>();
    private int fresh;
    private int boots;
    private Verdict lockdep = Verdict.PROVEN_POSSIBLE;

    abstract void print(Finding finding);

    abstract void print(Boot boot);

    /** Called for each file when the log is over. */
    abstract void summary(String file);

    @Override
    public final void finding(Finding finding) {
        findingsByFile.merge(places.file(finding.firstLine()), 1, Integer::sum);
        fresh += finding.expected() == null && finding.known() == null ? 1 : 0;
        print(finding);
    }

    @Override
    public final void boot(Boot boot) {
        boots++;
        Verdict verdict = boot.lockdep().verdict();
        lockdep = verdict.compareTo(lockdep) < 0 ? verdict : lockdep;
        print(boot);
    }

    LogPlaces places() {
        return places;
    }

    int findings() {
        return findingsByFile.values().stream().mapToInt(Integer::intValue).sum();
    }

    int findings(String file) {
        return findingsByFile.getOrDefault(file, 0);
    }

    /** How many findings are neither expected nor known. */
    int fresh() {
        return fresh;
    }

    int boots() {
        return boots;
    }

    /** The worst of all boots. */
    Verdict lockdep() {
        return lockdep;
    }
}
