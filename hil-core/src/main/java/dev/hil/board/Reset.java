package dev.hil.board;

import java.time.Duration;
import java.util.List;

/**
 * How the board came from one boot to the next.
 *
 * @param verdict what happened
 * @param before the boot that ended
 * @param after the boot that followed
 * @param took from the order to the first command answered by the new boot
 * @param evidence what led to the verdict, a sentence each
 * @param pstore what the new boot found of the old one's last words; empty where it was not looked for
 */
public record Reset(
        ResetVerdict verdict,
        Boot before,
        Boot after,
        Duration took,
        List<String> evidence,
        List<PstoreRecord> pstore) {

    public Reset {
        evidence = List.copyOf(evidence);
        pstore = List.copyOf(pstore);
    }
}
