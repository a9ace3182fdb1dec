package dev.hil.cli;

import dev.hil.klog.Boot;
import dev.hil.klog.Finding;
import dev.hil.klog.KlogListener;
import dev.hil.klog.LockdepState.Verdict;

/** Prints what a scanner finds in one file, and counts it. */
abstract class KlogPrinter implements KlogListener {

    private int findings;
    private int boots;
    private Verdict lockdep = Verdict.PROVEN_POSSIBLE;

    abstract void print(Finding finding);

    abstract void print(Boot boot);

    /** Called when the file is over. */
    abstract void summary();

    @Override
    public final void finding(Finding finding) {
        findings++;
        print(finding);
    }

    @Override
    public final void boot(Boot boot) {
        boots++;
        Verdict verdict = boot.lockdep().verdict();
        lockdep = verdict.compareTo(lockdep) < 0 ? verdict : lockdep;
        print(boot);
    }

    int findings() {
        return findings;
    }

    int boots() {
        return boots;
    }

    /** The worst of all boots. */
    Verdict lockdep() {
        return lockdep;
    }
}
