package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenSSH makes of a configuration is what hil connects to. */
class SshConfigTest {
    private final Path folder;

    SshConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private SshConfig config(String text) throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(file, text);
        return SshConfig.ofFile(file);
    }

    private Path file(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "");
    }

    @Test
    void aHostOfTheConfigurationIsResolved() throws IOException {
        Path key = file("key");
        Path known = file("known");
        Path alsoKnown = file("also-known");

        SshTarget target = config("""
                        Host ampere
                            HostName 192.0.2.7
                            Port 2222
                            User builder
                            IdentityFile %s
                            IdentityFile /no/such/key
                            IdentityAgent none
                            UserKnownHostsFile %s %s
                            GlobalKnownHostsFile /no/such/file
                            HostKeyAlias my-ampere
                        """.formatted(key, known, alsoKnown)).resolve("ampere");

        assertThat(target.alias()).isEqualTo("ampere");
        assertThat(target.host()).isEqualTo("192.0.2.7");
        assertThat(target.port()).isEqualTo(2222);
        assertThat(target.user()).isEqualTo("builder");
        assertThat(target.identities()).as("those that exist").containsExactly(key);
        assertThat(target.knownHosts()).containsExactly(known, alsoKnown);
        assertThat(target.agent()).isEmpty();
        assertThat(target.hostKeyAlias()).contains("my-ampere");
        assertThat(target.knownHostsName()).isEqualTo("my-ampere");
        assertThat(target.jump()).isEmpty();
        assertThat(target).hasToString("ssh ampere (builder@192.0.2.7:2222)");
    }

    /** ssh -G prints a list of names without quotes. */
    @Test
    void knownHostsFilesWithBlanksInTheirNamesAreFound() throws IOException {
        Path known = file("my known  hosts");
        Path alsoKnown = file("also-known");
        Path last = file("the last");

        SshTarget target = config("""
                        Host ampere
                            UserKnownHostsFile "%s" /no/such "%s"
                            GlobalKnownHostsFile "%s"
                        """.formatted(known, alsoKnown, last)).resolve("ampere");

        assertThat(target.knownHosts()).containsExactly(known, alsoKnown, last);
    }

    @Test
    void aHostThatIsNotInTheConfigurationIsItself() throws IOException {
        SshTarget target = config("Host other\n  Port 9\n").resolve("lab.example");

        assertThat(target.host()).isEqualTo("lab.example");
        assertThat(target.port()).isEqualTo(22);
        assertThat(target.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(target.hostKeyAlias()).isEmpty();
        assertThat(target.knownHostsName()).isEqualTo("lab.example");
    }

    @Test
    void patternsAndFirstValueCount() throws IOException {
        SshConfig config = config("""
                Host board-*
                    HostName %h.lab.example
                    User root
                Host *
                    User nobody
                    Port 2022
                """);

        assertThat(config.resolve("board-7")).hasToString("ssh board-7 (root@board-7.lab.example:2022)");
        assertThat(config.resolve("x")).hasToString("ssh x (nobody@x:2022)");
    }

    @Test
    void includedFilesCount() throws IOException {
        Files.writeString(folder.resolve("more"), "Host ampere\n  Port 2200\n");

        assertThat(config("Include " + folder.resolve("more") + "\n")
                        .resolve("ampere")
                        .port())
                .isEqualTo(2200);
    }

    @Test
    void aPortOtherThan22IsPartOfTheNameInKnownHosts() throws IOException {
        assertThat(config("Host a\n  Port 2200\n").resolve("a").knownHostsName())
                .isEqualTo("[a]:2200");
    }

    @Test
    void anAgentIsUsedUnlessOnlyIdentitiesAreAllowed() throws IOException {
        Path socket = file("agent");

        assertThat(config("Host *\n  IdentityAgent " + socket + "\n")
                        .resolve("a")
                        .agent())
                .contains(socket);
        assertThat(config("Host *\n  IdentityAgent " + socket + "\n  IdentitiesOnly yes\n")
                        .resolve("a")
                        .agent())
                .isEmpty();
    }

    @Test
    void jumpHostsAreResolvedAsHostsAre() throws IOException {
        SshTarget target = config("""
                Host inner
                    HostName 10.0.0.2
                    ProxyJump second
                Host second
                    HostName 192.0.2.2
                    User me
                    ProxyJump first
                Host first
                    HostName 192.0.2.1
                    Port 2201
                """).resolve("inner");

        SshTarget second = target.jump().orElseThrow();
        assertThat(second.host()).isEqualTo("192.0.2.2");
        assertThat(second.user()).isEqualTo("me");
        SshTarget first = second.jump().orElseThrow();
        assertThat(first.host()).isEqualTo("192.0.2.1");
        assertThat(first.port()).isEqualTo(2201);
        assertThat(first.jump()).isEmpty();
    }

    @Test
    void aChainOfJumpsGoesFromItsFirstToItsLast() throws IOException {
        SshTarget target = config("Host inner\n  ProxyJump a@one:2201,b@two\n").resolve("inner");

        SshTarget two = target.jump().orElseThrow();
        assertThat(two).hasToString("ssh b@two (b@two:22)");
        assertThat(two.jump()).get().hasToString("ssh a@one:2201 (a@one:2201)");
    }

    @Test
    void aCircleOfJumpsIsRefused() throws IOException {
        SshConfig config = config("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n");

        assertRefused(config, "a").withMessageContaining("is it a circle?");
    }

    @Test
    void aProxyCommandIsRefusedNamingTheWayOut() throws IOException {
        SshConfig config = config("Host a\n  ProxyCommand nc %h %p\n");

        assertRefused(config, "a")
                .withMessageContaining("the ssh configuration of a has ProxyCommand nc")
                .withMessageContaining("use ProxyJump");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-oProxyCommand=touch /tmp/owned", "-F/tmp/x", "", "--"})
    void whatIsNoHostNameIsRefused(String alias) throws IOException {
        assertRefused(config(""), alias).withMessage("\"%s\" is not a host name", alias);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;touch x", "$(touch x)", "a\nb"})
    void whatOpensshDoesNotTakeForAHostNameIsRefusedOrStaysAName(String alias) throws IOException {
        SshConfig config = config("");

        try {
            assertThat(config.resolve(alias).alias()).isEqualTo(alias);
        } catch (LinkException e) {
            assertThat(e.kind()).isEqualTo(LinkException.Kind.CONFIGURATION);
        }
        assertThat(folder.resolve("x")).doesNotExist();
        assertThat(Path.of("x")).doesNotExist();
    }

    @Test
    void aMistakeInTheConfigurationIsToldInOpensshsWords() throws IOException {
        assertRefused(config("Host a\n  Prot 22\n"), "a")
                .withMessageContaining("OpenSSH does not resolve \"a\"")
                .withMessageContaining("prot");
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<LinkException> assertRefused(
            SshConfig config, String alias) {
        return assertThatExceptionOfType(LinkException.class)
                .isThrownBy(() -> config.resolve(alias))
                .matches(e -> e.kind() == LinkException.Kind.CONFIGURATION, "is about the configuration");
    }
}
