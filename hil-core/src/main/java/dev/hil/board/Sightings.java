package dev.hil.board;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes reports of sightings: what two channels saw was one report. */
final class Sightings {
    private Sightings() {}

    /**
     * The reports that nobody expected, each by the best sighting of it.
     *
     * @param all sightings in their order
     * @param mark reports first seen before this position are left out, also where a slower channel saw them later
     */
    static List<Sighting> unexpected(List<Sighting> all, long mark) {
        Map<String, Map<Channel, Integer>> counts = new HashMap<>();
        Map<String, Integer> first = new HashMap<>();
        Map<String, Sighting> best = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Sighting sighting = all.get(i);
            String identity = sighting.boot() + " " + sighting.identity();
            int nth = counts.computeIfAbsent(identity, key -> new EnumMap<>(Channel.class))
                    .merge(sighting.channel(), 1, Integer::sum);
            String report = identity + " " + nth;
            first.putIfAbsent(report, i);
            best.merge(report, sighting, Sightings::better);
        }
        List<Sighting> found = new ArrayList<>();
        best.forEach((report, sighting) -> {
            if (first.getOrDefault(report, 0) >= mark && sighting.isUnexpected()) {
                found.add(sighting);
            }
        });
        return List.copyOf(found);
    }

    private static Sighting better(Sighting one, Sighting other) {
        boolean whole = one.finding() != null && one.finding().complete();
        return !whole && other.finding() != null && other.finding().complete() ? other : one;
    }
}
