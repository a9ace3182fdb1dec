package dev.hil.board;

/**
 * What the memory of a board has kept over one reset, of what is known to have been in it.
 *
 * @param console whether the log of the boot that ended came back as its console record
 * @param dmesg whether the kernel's last words came back as a dmesg record
 * @param pmsg whether what was written to /dev/pmsg0 came back
 * @param wrongBits how many bits of the canary's known content came back wrong
 * @param bits how many bits of it came back at all
 * @param corrected bytes that the error correction of ramoops says it has put right
 * @param lost blocks that it says it could not
 */
public record Capture(
        boolean console, boolean dmesg, boolean pmsg, long wrongBits, long bits, long corrected, long lost) {
    /** Nothing came back, or nothing was looked for. */
    public static final Capture NOTHING = new Capture(false, false, false, 0, 0, 0, 0);

    @Override
    public String toString() {
        String bitWords = bits == 0 ? "no known content" : "%d of %d bits wrong".formatted(wrongBits, bits);
        String ecc =
                corrected + lost == 0 ? "" : ", ECC: %d bytes corrected, %d blocks lost".formatted(corrected, lost);
        return "console %s, dmesg %s, pmsg %s; %s%s".formatted(word(console), word(dmesg), word(pmsg), bitWords, ecc);
    }

    private static String word(boolean back) {
        return back ? "came back" : "did not";
    }
}
