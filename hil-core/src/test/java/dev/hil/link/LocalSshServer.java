package dev.hil.link;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.jspecify.annotations.Nullable;

/** A real ssh server in this process on a free port; its commands are run by this host's sh. */
public final class LocalSshServer implements Closeable {
    static final String ALIAS = "board";

    private static final Map<Path, byte[]> KEYS = new ConcurrentHashMap<>();

    private final Path folder;
    private final SshServer server = SshServer.setUpDefaultServer();
    private volatile UnaryOperator<String> rewriting = UnaryOperator.identity();
    private volatile String path;
    private final Set<Process> commands = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Makes its keys, and a user's key that it accepts, in a folder; then serves. */
    public LocalSshServer(Path folder) throws IOException {
        this.folder = folder;
        this.path = folder.resolve("bin") + ":" + System.getenv("PATH");
        Path hostKey = key("host_key");
        Path userKey = key("user_key");
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(new FileKeyPairProvider(hostKey));
        accept(userKey);
        server.setCommandFactory((channel, line) -> new LocalCommand(line));
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        // Small windows: what does not wait for them loses bytes.
        CoreModuleProperties.WINDOW_SIZE.set(server, 64L * 1024);
        server.start();
        Files.writeString(knownHosts(), "[127.0.0.1]:%d %s".formatted(port(), publicKey(hostKey)));
    }

    /** The servers of this JVM share their keys: each costs a process. */
    private Path key(String name) throws IOException {
        Path key = folder.resolve(name);
        Path publicKey = folder.resolve(name + ".pub");
        if (KEYS.containsKey(key.getFileName())) {
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(key, KEYS.getOrDefault(key.getFileName(), new byte[0]));
            Files.write(publicKey, KEYS.getOrDefault(publicKey.getFileName(), new byte[0]));
        } else {
            makeKey(folder, name);
            KEYS.put(publicKey.getFileName(), Files.readAllBytes(publicKey));
            KEYS.put(key.getFileName(), Files.readAllBytes(key));
        }
        return key;
    }

    /** Makes a key pair by OpenSSH's own program. */
    static Path makeKey(Path folder, String name, String... options) {
        List<String> argv = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name));
        argv.addAll(options.length == 0 ? List.of("-t", "ecdsa") : List.of(options));
        argv.addAll(List.of("-f", folder.resolve(name).toString()));
        new LocalShell().exec(dev.hil.link.Command.of(argv)).orThrow();
        return folder.resolve(name);
    }

    static String publicKey(Path key) throws IOException {
        return Files.readString(key.resolveSibling(key.getFileName() + ".pub"));
    }

    void accept(Path userKey) throws IOException {
        try {
            var accepted = AuthorizedKeyEntry.parseAuthorizedKeyEntry(publicKey(userKey))
                    .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
            server.setPublickeyAuthenticator(
                    (user, key, session) -> user.equals("tester") && KeyUtils.compareKeys(key, accepted));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Changes each command line before it is run. */
    public void rewrite(UnaryOperator<String> lines) {
        rewriting = lines;
    }

    /** Where commands find their programs: in this folder and nowhere else. */
    public void programs(Path onlyFolder) {
        path = onlyFolder.toString();
    }

    Path hostKey() {
        return folder.resolve("host_key");
    }

    Path userKey() {
        return folder.resolve("user_key");
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    public int port() {
        return server.getPort();
    }

    public SshTarget target() {
        return target(port());
    }

    SshTarget target(int port) {
        return new SshTarget(
                ALIAS,
                "127.0.0.1",
                port,
                "tester",
                List.of(userKey()),
                Optional.empty(),
                List.of(knownHosts()),
                Optional.of("[127.0.0.1]:" + port()).filter(name -> port != port()),
                Optional.empty());
    }

    int sessions() {
        return server.getActiveSessions().size();
    }

    public void dropConnections() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    /** Commands that have not ended. */
    public long running() {
        return commands.stream().filter(Process::isAlive).count();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.stop(true);
        commands.forEach(LocalSshServer::kill);
    }

    private static void kill(Process command) {
        command.descendants().forEach(ProcessHandle::destroyForcibly);
        command.destroyForcibly();
    }

    /** Three threads for three streams, as an ssh server has it. */
    private final class LocalCommand implements Command {
        private final String line;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private @Nullable ExitCallback callback;
        private @Nullable Process process;

        LocalCommand(String line) {
            this.line = line;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", rewriting.apply(line));
            builder.environment().put("PATH", path);
            Process started = builder.start();
            process = started;
            commands.add(started);
            if (closed) {
                // It began while the server was being stopped, and nobody else would end it.
                kill(started);
            }
            daemon(() -> {
                try (OutputStream to = started.getOutputStream()) {
                    byte[] buffer = new byte[8192];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        to.write(buffer, 0, n);
                        to.flush();
                    }
                }
            });
            Thread stderr = daemon(() -> copy(started.getErrorStream(), err));
            daemon(() -> {
                copy(started.getInputStream(), out);
                stderr.join();
                ExitCallback toTell = callback;
                if (started.waitFor(10, TimeUnit.SECONDS) && toTell != null) {
                    toTell.onExit(started.exitValue());
                }
            });
        }

        private void copy(InputStream from, OutputStream to) throws IOException {
            byte[] buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            Process started = process;
            if (started != null) {
                kill(started);
            }
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback exitCallback) {
            callback = exitCallback;
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        // The connection or the command has ended; the tests see that from the other side.
                        return;
                    }
                },
                "test-sshd-command");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
