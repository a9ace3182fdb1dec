package dev.hil.record;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record that was read from JSON has all that its type says it has: JSON leaves out what it likes, and the
 * compiler's promises do not hold for it.
 */
final class Completeness {
    private Completeness() {}

    /**
     * Looks into records, and into lists and maps of them.
     *
     * @throws IllegalArgumentException naming what is missing
     */
    static void require(@Nullable Object value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        } else if (value instanceof Record whole) {
            for (RecordComponent component : whole.getClass().getRecordComponents()) {
                Object part = part(whole, component);
                boolean mayLack = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                if (part != null || !mayLack) {
                    require(part, name + "." + component.getName());
                }
            }
        } else if (value instanceof Collection<?> several) {
            several.forEach(one -> require(one, name));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> require(one, name + "." + key));
        }
    }

    private static @Nullable Object part(Record whole, RecordComponent component) {
        try {
            return component.getAccessor().invoke(whole);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(component + " cannot be read", e);
        }
    }
}
