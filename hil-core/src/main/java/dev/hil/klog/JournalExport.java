package dev.hil.klog;

import dev.hil.klog.Message.Source;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Journal Export Format: records of {@code FIELD=value} lines with an empty line between them. A record says in fields,
 * not in words, whether the kernel spoke; fields come in any order, so the message waits for the end of its record.
 */
final class JournalExport {

    private static final int MAX_MESSAGE = 4096;
    /** A field with a newline in it has its name on a line, then its length in eight bytes, then its bytes. */
    private static final int LENGTH_BYTES = 8;

    private final Consumer<Message> sink;
    private boolean active;
    private boolean binaryFollows;
    private boolean kernel;
    private String bootId = "";
    private String newBootId = "";
    private String message = "";
    private long micros = -1;
    private long line;
    private long start;
    private long end;

    JournalExport(Consumer<Message> sink) {
        this.sink = sink;
    }

    /** True once a record has begun; such a file holds nothing but records. */
    boolean active() {
        return active;
    }

    void begin() {
        active = true;
    }

    void line(byte[] bytes, int from, int to, long number, long offset) {
        if (to == from) {
            finish();
            return;
        }
        String field = new String(bytes, from, Math.min(to - from, MAX_MESSAGE), StandardCharsets.UTF_8);
        if (binaryFollows) {
            binaryFollows = false;
            field = "MESSAGE=" + field.substring(Math.min(field.length(), LENGTH_BYTES));
        }
        if (field.startsWith("MESSAGE=")) {
            message = Cleaner.clean(field.substring(8));
            line = number;
            start = offset;
            end = offset + (to - from);
        } else if (field.equals("MESSAGE")) {
            binaryFollows = true;
        } else if (field.startsWith("_BOOT_ID=")) {
            newBootId = field.substring(9);
        } else if (field.equals("_TRANSPORT=kernel") || field.equals("SYSLOG_IDENTIFIER=kernel")) {
            kernel = true;
        } else if (field.startsWith("_SOURCE_MONOTONIC_TIMESTAMP=")) {
            String digits = field.substring(28);
            micros = digits.length() < 16 && Layers.afterDigits(digits, 0) == digits.length() && !digits.isEmpty()
                    ? Long.parseLong(digits)
                    : -1;
        }
    }

    /** The record is over. */
    void finish() {
        if (!message.isEmpty() && !newBootId.equals(bootId)) {
            if (!bootId.isEmpty()) {
                String words = "-- Boot " + newBootId + " --";
                sink.accept(new Message(line, start, end, -1, "", Source.UNKNOWN, words));
            }
            bootId = newBootId;
        }
        if (!message.isEmpty()) {
            sink.accept(new Message(line, start, end, micros, "", kernel ? Source.KERNEL : Source.USER, message));
        }
        kernel = false;
        message = "";
        micros = -1;
    }
}
