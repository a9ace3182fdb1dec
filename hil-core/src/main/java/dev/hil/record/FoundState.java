package dev.hil.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there was of a machine before hil changed it: checksums and names, to be compared with afterwards.
 *
 * @param where the machine
 * @param facts each by its name for people, such as {@code file /boot/Image} with its SHA-256
 */
public record FoundState(Undo.Where where, Map<String, String> facts) {
    public FoundState {
        facts = Map.copyOf(facts);
    }

    /** What differs from a later state, a sentence each, sorted by the fact's name. */
    public List<String> differences(FoundState now) {
        Map<String, String> all = new TreeMap<>(facts);
        now.facts.forEach(all::putIfAbsent);
        List<String> differences = new ArrayList<>();
        for (String name : all.keySet()) {
            String before = facts.getOrDefault(name, "not there");
            String after = now.facts.getOrDefault(name, "not there");
            if (!before.equals(after)) {
                differences.add("%s: was %s, is %s".formatted(name, before, after));
            }
        }
        return differences;
    }
}
