package dev.hil.link;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.Path;

/** A serial port of this host. */
final class PortLine implements Line {
    static {
        // The native library is unpacked there; the common temporary folder is open to other users of a lab host.
        System.setProperty("fazecast.jSerialComm.appid", "dev.hil");
    }

    private final SerialPort port;
    private final Path device;

    private PortLine(SerialPort port, Path device) {
        this.port = port;
        this.device = device;
    }

    static Line open(LineAddress.Port address) {
        Path device = Path.of(address.device());
        String others = PortUsers.of(device);
        if (!others.isEmpty()) {
            throw new InfrastructureException(
                    "the serial port %s is read by %s: of two readers each gets a part of what comes. End the other, or take its line."
                            .formatted(address.name(), others));
        }
        SerialPort port;
        try {
            port = SerialPort.getCommPort(address.device());
        } catch (SerialPortInvalidPortException e) {
            throw new InfrastructureException(
                    "%s is no serial port: %s".formatted(address.device(), e.getMessage()), e);
        }
        port.setComPortParameters(address.baud(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
        port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_MILLIS, 0);
        if (!port.openPort()) {
            throw new InfrastructureException(
                    "cannot open the serial port %s (error code %d): does it exist, may this user open it (group dialout),"
                                    .formatted(address.name(), port.getLastErrorCode())
                            + " and does no other program hold it?");
        }
        return new PortLine(port, device);
    }

    @Override
    public int read(byte[] buffer) throws IOException {
        int count = port.readBytes(buffer, buffer.length);
        if (count < 0) {
            throw new IOException(
                    "the port gave no more data: was the adapter pulled out, or the board's emulator ended?");
        }
        return count;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        int sent = port.writeBytes(bytes, bytes.length);
        if (sent != bytes.length) {
            throw new IOException("of %d bytes the port took %d".formatted(bytes.length, sent));
        }
    }

    @Override
    public String otherReaders() {
        return PortUsers.of(device);
    }

    @Override
    public void close() {
        port.closePort();
    }
}
