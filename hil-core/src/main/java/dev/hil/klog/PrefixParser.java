package dev.hil.klog;

import dev.hil.klog.Message.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a physical line into its messages and takes off what the channel put before them: {@code dmesg} in all its
 * formats, syslog and journald headers, /dev/kmsg records, stamps of console servers and test labs.
 *
 * <p>One line can hold several messages: a console glues a kernel message to a half-written prompt, and a continuation
 * (KERN_CONT) that another CPU interrupted is followed by that CPU's message.
 */
final class PrefixParser {

    private static final int MAX_LAYERS = 8;
    private static final int MAX_MESSAGES = 16;
    private static final int MAX_PREFIX = 1024;
    /** Of the kernel's LOG_LINE_MAX; the patterns that follow are not meant for more. */
    private static final int MAX_MESSAGE = 1024;

    private PrefixParser() {}

    static List<Message> parse(String raw, long line, long start, long end) {
        String text = Cleaner.clean(raw);
        int split = Layers.innerStamp(text, 0);
        if (split < 0) {
            return List.of(one(text, line, start, end));
        }
        List<Message> messages = new ArrayList<>(2);
        int from = 0;
        while (split >= 0 && messages.size() < MAX_MESSAGES) {
            // A stamp that only syslog headers and the like precede is this message's own.
            if (split > from && !onlyPrefix(text.substring(from, split))) {
                messages.add(one(text.substring(from, split), line, start, end));
                from = split;
            }
            split = split - from > MAX_PREFIX ? -1 : Layers.innerStamp(text, split + 1);
        }
        messages.add(one(text.substring(from), line, start, end));
        return messages;
    }

    private static boolean onlyPrefix(String text) {
        Layers layers = strip(text);
        return layers.at >= text.stripTrailing().length();
    }

    private static Layers strip(String text) {
        Layers layers = new Layers(text);
        for (int i = 0; i < MAX_LAYERS && layers.next(); i++) {}
        return layers;
    }

    private static Message one(String text, long line, long start, long end) {
        Layers layers = strip(text);
        String words = layers.rest();
        if (words.length() > MAX_MESSAGE) {
            words = words.substring(0, MAX_MESSAGE);
        }
        Source source = layers.source;
        // A process that wrote to /dev/kmsg, as systemd does before journald runs, or to the console.
        if (Layers.isProcess(words)) {
            source = Source.USER;
        }
        return new Message(line, start, end, layers.micros, layers.tag, source, words);
    }
}
