package dev.hil.link;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves a host name the way {@code ssh NAME} does, by asking OpenSSH itself: {@code ssh -G} prints the configuration
 * with all its Host, Match and Include rules applied.
 */
public final class SshConfig {
    private final LocalShell shell = new LocalShell();
    private final Optional<Path> configFile;

    private SshConfig(Optional<Path> configFile) {
        this.configFile = configFile;
    }

    /** The user's own configuration. */
    public static SshConfig ofUser() {
        return new SshConfig(Optional.empty());
    }

    /** A configuration file in place of the user's ({@code ssh -F}). */
    public static SshConfig ofFile(Path file) {
        return new SshConfig(Optional.of(file));
    }

    /**
     * What {@code ssh ALIAS} would connect to.
     *
     * @throws LinkException where the configuration asks for a ProxyCommand, or OpenSSH does not accept the name
     */
    public SshTarget resolve(String alias) {
        return resolve(alias, 0);
    }

    private SshTarget resolve(String alias, int depth) {
        if (depth > 5) {
            throw configuration("ProxyJump of %s goes over more than 5 hosts: is it a circle?".formatted(alias));
        }
        if (alias.isEmpty() || alias.startsWith("-")) {
            throw configuration("\"%s\" is not a host name".formatted(alias));
        }
        List<String> argv = new ArrayList<>(List.of("ssh", "-G"));
        configFile.ifPresent(file -> argv.addAll(List.of("-F", file.toString())));
        argv.addAll(List.of("--", alias));
        ExecResult result = shell.exec(Command.of(argv).timeout(Duration.ofSeconds(10)));
        if (!result.ok()) {
            throw configuration("OpenSSH does not resolve \"%s\": `%s` says %s"
                    .formatted(alias, result.commandLine(), result.stderr().strip()));
        }
        return target(alias, values(result.stdout()), depth);
    }

    private SshTarget target(String alias, Map<String, List<String>> values, int depth) {
        String proxyCommand = first(values, "proxycommand").orElse("none");
        if (!proxyCommand.equals("none")) {
            throw configuration(("the ssh configuration of %s has ProxyCommand %s, which runs outside of this process;"
                            + " use ProxyJump")
                    .formatted(alias, proxyCommand));
        }
        Optional<SshTarget> jump = first(values, "proxyjump")
                .filter(value -> !value.equals("none"))
                .map(value -> jump(value, depth));
        return new SshTarget(
                alias,
                first(values, "hostname").orElse(alias),
                port(first(values, "port").orElse("22")),
                first(values, "user").orElse(System.getProperty("user.name")),
                existing(values, "identityfile"),
                agent(values),
                existing(values, "userknownhostsfile", "globalknownhostsfile"),
                first(values, "hostkeyalias"),
                jump);
    }

    /** {@code [user@]host[:port][,...]}: the last host named is the one nearest to the target. */
    private SshTarget jump(String value, int depth) {
        String[] hops = value.split(",", -1);
        String nearest = hops[hops.length - 1].strip();
        Optional<SshTarget> before = hops.length == 1
                ? Optional.empty()
                : Optional.of(jump(value.substring(0, value.lastIndexOf(',')), depth + 1));
        int at = nearest.lastIndexOf('@');
        String hostAndPort = nearest.substring(at + 1);
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > 0 && hostAndPort.substring(colon + 1).matches("\\d{1,5}");
        SshTarget base = resolve(hasPort ? hostAndPort.substring(0, colon) : hostAndPort, depth + 1);
        return new SshTarget(
                nearest,
                base.host(),
                hasPort ? Integer.parseInt(hostAndPort.substring(colon + 1)) : base.port(),
                at > 0 ? nearest.substring(0, at) : base.user(),
                base.identities(),
                base.agent(),
                base.knownHosts(),
                base.hostKeyAlias(),
                before.or(base::jump));
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw configuration("`ssh -G` gives the port \"%s\", which is none".formatted(Recording.excerpt(text)));
        }
        return Integer.parseInt(text);
    }

    /** Reads what {@code ssh -G ALIAS} printed. */
    SshTarget parse(String alias, String output) {
        return target(alias, values(output), 0);
    }

    private static Map<String, List<String>> values(String output) {
        Map<String, List<String>> values = new HashMap<>();
        for (String line : output.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.computeIfAbsent(line.substring(0, space).toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                        .add(line.substring(space + 1).strip());
            }
        }
        return values;
    }

    private static Optional<String> first(Map<String, List<String>> values, String key) {
        return values.getOrDefault(key, List.of()).stream().findFirst();
    }

    private static List<Path> existing(Map<String, List<String>> values, String... keys) {
        List<Path> files = new ArrayList<>();
        for (String key : keys) {
            for (String value : values.getOrDefault(key, List.of())) {
                if (key.equals("identityfile")) {
                    Optional.of(expandHome(value)).filter(Files::isReadable).ifPresent(files::add);
                } else {
                    files.addAll(list(value));
                }
            }
        }
        return files;
    }

    /**
     * The files of a list that are there. {@code ssh -G} separates them by blanks and quotes nothing (readconf.c,
     * dump_cfg_strarray_oneline), so a name with blanks looks like several: the longest run of words that is a file is
     * taken for one.
     */
    private static List<Path> list(String value) {
        List<String> words = List.of(value.split(" ", -1));
        List<Path> files = new ArrayList<>();
        int from = 0;
        while (from < words.size()) {
            int to = words.size();
            Path file = null;
            for (; to > from; to--) {
                Path candidate = expandHome(String.join(" ", words.subList(from, to)));
                if (Files.isReadable(candidate) && !Files.isDirectory(candidate)) {
                    file = candidate;
                    break;
                }
            }
            if (file != null) {
                files.add(file);
            }
            from = Math.max(to, from + 1);
        }
        return files;
    }

    private static Optional<Path> agent(Map<String, List<String>> values) {
        if (first(values, "identitiesonly").orElse("no").equals("yes")) {
            return Optional.empty();
        }
        String configured = first(values, "identityagent").orElse("SSH_AUTH_SOCK");
        Optional<String> socket = configured.equals("SSH_AUTH_SOCK")
                ? Optional.ofNullable(System.getenv("SSH_AUTH_SOCK"))
                : Optional.of(configured).filter(value -> !value.equals("none"));
        return socket.map(SshConfig::expandHome).filter(Files::exists);
    }

    private static Path expandHome(String name) {
        String unquoted = name.replace("\"", "").replace("\0", "");
        return Path.of(unquoted.startsWith("~/") ? System.getProperty("user.home") + unquoted.substring(1) : unquoted);
    }

    private static LinkException configuration(String message) {
        return new LinkException(LinkException.Kind.CONFIGURATION, message);
    }
}
