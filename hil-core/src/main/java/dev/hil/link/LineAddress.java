package dev.hil.link;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a board's console is to be had. */
public sealed interface LineAddress {
    /** For messages, such as {@code /dev/ttyUSB0 at 1500000 baud}. */
    String name();

    /**
     * Opens it.
     *
     * @throws InfrastructureException where it cannot be, with what to look at
     */
    Line open();

    /**
     * Reads an address as a board's definition has it.
     *
     * @param device a device file ({@code /dev/ttyUSB0}, {@code /dev/pts/3} or a link to one), {@code tcp://HOST:PORT}
     *     (bytes as they are) or {@code rfc2217://HOST:PORT} (a terminal server that is told the speed)
     * @param baud bits per second, for those that can be told
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static LineAddress of(String device, int baud) {
        int scheme = device.indexOf("://");
        if (scheme < 0) {
            if (!device.startsWith("/")) {
                throw new IllegalArgumentException(
                        "is neither a device file (/dev/ttyUSB0) nor tcp://HOST:PORT nor rfc2217://HOST:PORT: \"%s\""
                                .formatted(Recording.excerpt(device)));
            }
            return new Port(device, baud);
        }
        URI uri = uri(device);
        return switch (device.substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "tcp" -> new Tcp(uri.getHost(), uri.getPort());
            case "rfc2217" -> new Rfc2217(uri.getHost(), uri.getPort(), baud);
            default ->
                throw new IllegalArgumentException("is of no known kind: \"%s\" (known: tcp, rfc2217)"
                        .formatted(Recording.excerpt(device.substring(0, scheme))));
        };
    }

    private static URI uri(String device) {
        try {
            URI uri = new URI(device);
            if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
                throw new IllegalArgumentException("needs a host and a port, as in tcp://terminal-server:4001: \"%s\""
                        .formatted(Recording.excerpt(device)));
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "is no address: " + Recording.excerpt(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * A serial port of this host, or a pseudo-terminal; 8N1 without flow control.
     *
     * @param device its device file, or a link to it such as those of /dev/serial/by-id
     */
    record Port(String device, int baud) implements LineAddress {
        @Override
        public String name() {
            return "%s at %d baud".formatted(device, baud);
        }

        @Override
        public Line open() {
            return PortLine.open(this);
        }
    }

    /** A socket that carries the line's bytes as they are, as ser2net's {@code raw} does. */
    record Tcp(String host, int port) implements LineAddress {
        @Override
        public String name() {
            return "tcp://%s:%d".formatted(host, port);
        }

        @Override
        public Line open() {
            return TcpLine.open(this);
        }
    }

    /** A terminal server that speaks Telnet with the COM-PORT option of RFC 2217, and is told speed and 8N1. */
    record Rfc2217(String host, int port, int baud) implements LineAddress {
        @Override
        public String name() {
            return "rfc2217://%s:%d at %d baud".formatted(host, port, baud);
        }

        @Override
        public Line open() {
            return Rfc2217Line.open(this);
        }
    }
}
