package dev.hil.link;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The receiving half of Telnet (RFC 854, RFC 855) as a terminal server needs it: takes commands out of the bytes that
 * arrive and says what is to be answered. Any split of the stream gives the same.
 */
final class Telnet {
    static final int IAC = 255;
    static final int DONT = 254;
    static final int DO = 253;
    static final int WONT = 252;
    static final int WILL = 251;
    static final int SB = 250;
    static final int SE = 240;
    /** RFC 856: eight bits, and no CR NUL for a CR. */
    static final int BINARY = 0;
    /** RFC 857. */
    static final int ECHO = 1;
    /** RFC 858. */
    static final int SUPPRESS_GO_AHEAD = 3;
    /** RFC 2217. */
    static final int COM_PORT = 44;

    /** What nobody sends in a subnegotiation of RFC 2217; the rest of a longer one is dropped. */
    private static final int LONGEST_SUBNEGOTIATION = 256;

    private static final Set<Integer> OURS = Set.of(BINARY, SUPPRESS_GO_AHEAD, COM_PORT);
    private static final Set<Integer> THEIRS = Set.of(BINARY, SUPPRESS_GO_AHEAD, ECHO, COM_PORT);

    /** Is told what the other end says in a subnegotiation, without IAC SB and IAC SE. */
    interface Subnegotiations {
        void said(byte[] content);
    }

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUBNEGOTIATION,
        SUBNEGOTIATION_COMMAND
    }

    private final Subnegotiations listener;
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final ByteArrayOutputStream subnegotiation = new ByteArrayOutputStream();
    /** What either end has agreed to; an answer to what is already so would be answered again, without end. */
    private final Set<Integer> weDo = new HashSet<>();

    private final Set<Integer> theyDo = new HashSet<>();
    private State state = State.DATA;
    private int verb;

    Telnet(Subnegotiations listener) {
        this.listener = listener;
    }

    /** What opens a conversation: which options this end will use, and which it asks of the other. */
    byte[] opening() {
        ask(WILL, BINARY);
        ask(DO, BINARY);
        ask(WILL, SUPPRESS_GO_AHEAD);
        ask(DO, SUPPRESS_GO_AHEAD);
        ask(WILL, COM_PORT);
        return answers();
    }

    /** A subnegotiation as it goes over the wire. */
    static byte[] subnegotiation(int option, int... content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(IAC);
        out.write(SB);
        out.write(option);
        for (int value : content) {
            out.write(value);
            if (value == IAC) {
                out.write(IAC);
            }
        }
        out.write(IAC);
        out.write(SE);
        return out.toByteArray();
    }

    /** Data as it goes over the wire. */
    static byte[] escaped(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length);
        for (byte value : data) {
            out.write(value);
            if ((value & 0xff) == IAC) {
                out.write(IAC);
            }
        }
        return out.toByteArray();
    }

    /**
     * Takes what has arrived.
     *
     * @param buffer what arrived; its beginning holds the data of it afterwards
     * @return how much data that is
     */
    int accept(byte[] buffer, int length) {
        int kept = 0;
        int at = 0;
        while (at < length) {
            if (state == State.DATA) {
                int end = at;
                while (end < length && (buffer[end] & 0xff) != IAC) {
                    end++;
                }
                System.arraycopy(buffer, at, buffer, kept, end - at);
                kept += end - at;
                at = end;
                if (at < length) {
                    state = State.COMMAND;
                    at++;
                }
            } else if (control(buffer[at++] & 0xff)) {
                buffer[kept++] = (byte) IAC;
            }
        }
        return kept;
    }

    /** Takes a byte that is not plain data; returns whether it stands for a byte of data of value 255. */
    private boolean control(int value) {
        switch (state) {
            case COMMAND -> {
                state = switch (value) {
                    case DO, DONT, WILL, WONT -> State.OPTION;
                    case SB -> State.SUBNEGOTIATION;
                    default -> State.DATA;
                };
                verb = value;
                return value == IAC;
            }
            case OPTION -> {
                state = State.DATA;
                answer(value);
            }
            case SUBNEGOTIATION -> {
                if (value == IAC) {
                    state = State.SUBNEGOTIATION_COMMAND;
                } else {
                    collect(value);
                }
            }
            case SUBNEGOTIATION_COMMAND -> {
                if (value == SE) {
                    state = State.DATA;
                    listener.said(subnegotiation.toByteArray());
                    subnegotiation.reset();
                } else {
                    state = State.SUBNEGOTIATION;
                    collect(value);
                }
            }
            case DATA -> throw new AssertionError("data is taken elsewhere");
        }
        return false;
    }

    private void collect(int value) {
        if (subnegotiation.size() < LONGEST_SUBNEGOTIATION) {
            subnegotiation.write(value);
        }
    }

    private void answer(int option) {
        switch (verb) {
            case DO -> agree(weDo, OURS, option, WILL, WONT);
            case WILL -> agree(theyDo, THEIRS, option, DO, DONT);
            case DONT -> {
                if (weDo.remove(option)) {
                    say(WONT, option);
                }
            }
            default -> {
                if (theyDo.remove(option)) {
                    say(DONT, option);
                }
            }
        }
    }

    private void agree(Set<Integer> agreed, Set<Integer> wanted, int option, int yes, int no) {
        if (!wanted.contains(option)) {
            say(no, option);
        } else if (agreed.add(option)) {
            say(yes, option);
        }
    }

    private void ask(int what, int option) {
        (what == WILL ? weDo : theyDo).add(option);
        say(what, option);
    }

    private void say(int what, int option) {
        answers.writeBytes(new byte[] {(byte) IAC, (byte) what, (byte) option});
    }

    /** Whether the other end has not refused to carry this end's option. */
    boolean weMay(int option) {
        return weDo.contains(option);
    }

    /** What is to be sent to the other end, and forgets it. */
    byte[] answers() {
        byte[] bytes = answers.toByteArray();
        answers.reset();
        return bytes;
    }

    @Override
    public String toString() {
        return "telnet " + state + " " + Arrays.toString(subnegotiation.toByteArray());
    }
}
