package dev.hil.link;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A console on a serial port or a pseudo-terminal. One thread reads it, blocking, and does nothing else. */
public final class SerialConsole implements Console {
    private static final int READ_TIMEOUT_MILLIS = 100;

    static {
        // The native library is unpacked there; the common temporary folder is open to other users of a lab host.
        System.setProperty("fazecast.jSerialComm.appid", "dev.hil");
    }

    private final String name;
    private final SerialPort port;
    private final Recording recording;
    private final Thread reader;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile @Nullable String failure;

    private SerialConsole(String name, SerialPort port, Path file) {
        this.name = name;
        this.port = port;
        this.recording = new Recording(file);
        this.reader = new Thread(this::read, "hil-console " + name);
        this.reader.setDaemon(true);
    }

    /**
     * Opens a port, 8N1 without flow control, and records from the first byte.
     *
     * @param device a device file such as {@code /dev/ttyUSB0} or {@code /dev/pts/3}
     * @param baud bits per second
     * @param file where to record to; appended if it exists
     */
    public static SerialConsole open(String device, int baud, Path file) {
        String name = device + " at " + baud + " baud";
        SerialPort port;
        try {
            port = SerialPort.getCommPort(device);
        } catch (SerialPortInvalidPortException e) {
            throw new InfrastructureException("%s is no serial port: %s".formatted(device, e.getMessage()), e);
        }
        port.setComPortParameters(baud, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
        port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_TIMEOUT_MILLIS, 0);
        if (!port.openPort()) {
            throw new InfrastructureException(
                    "cannot open the serial port %s (error code %d): does it exist, may this user open it (group dialout),"
                                    .formatted(name, port.getLastErrorCode())
                            + " and does no other program hold it?");
        }
        SerialConsole console = new SerialConsole(name, port, file);
        console.reader.start();
        return console;
    }

    private void read() {
        byte[] buffer = new byte[64 * 1024];
        try {
            while (open.get()) {
                int count = port.readBytes(buffer, buffer.length);
                if (count > 0) {
                    recording.append(buffer, count);
                } else if (count < 0) {
                    failure = "the port gave no more data: was the adapter pulled out, or the board's emulator ended?";
                    break;
                }
            }
        } catch (IOException e) {
            failure = "the recording failed: " + e;
        } finally {
            open.set(false);
            port.closePort();
            recording.close();
        }
    }

    @Override
    public String name() {
        String why = failure;
        return why == null ? name : name + " (closed: " + why + ")";
    }

    @Override
    public Path recording() {
        return recording.file();
    }

    @Override
    public long position() {
        return recording.size();
    }

    @Override
    public String since(long position) {
        return recording.since(position);
    }

    @Override
    public String tail(int lines) {
        return recording.tail(lines);
    }

    @Override
    public boolean isOpen() {
        return open.get();
    }

    @Override
    public String await(Pattern pattern, long position, Duration limit) {
        return recording.await("console " + name(), pattern, position, limit);
    }

    @Override
    public void close() {
        open.set(false);
        try {
            // The reader leaves by itself within its read timeout, and closes the port after the last byte.
            reader.join(READ_TIMEOUT_MILLIS * 20L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
