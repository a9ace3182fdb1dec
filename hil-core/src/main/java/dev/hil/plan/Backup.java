package dev.hil.plan;

import java.util.List;

/**
 * What was put by, twice, and found whole in both places.
 *
 * @param files at least one
 * @param board the folder on the board
 * @param second the second place: machine and folder
 */
public record Backup(List<Kept> files, String board, String second) {
    public Backup {
        files = List.copyOf(files);
    }

    /**
     * A file with what was put by.
     *
     * @param name its name in both places
     * @param of what it is a backup of
     * @param sha256 of the file, the same on the board and in the second place
     * @param fresh whether it was made now; else it lay in both places already, with the same checksum
     */
    public record Kept(String name, String of, String sha256, boolean fresh) {}

    @Override
    public String toString() {
        return "%d files in %s and in %s, each with the same checksum in both; they stay there"
                .formatted(files.size(), board, second);
    }
}
