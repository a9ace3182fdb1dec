package dev.hil.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The container engine that tests use, and the images of this project in it. */
public final class Engine {
    private static final String START = "; eval \"$(fixtures/containers/engine start)\" gives one, as root on Debian";

    private Engine() {}

    /** What {@code images NAME} has made last. */
    public static String image(String name) {
        return "localhost/hil-" + name + ":latest";
    }

    /** A container of one of this project's images; a registry is never asked for it. */
    public static GenericContainer<?> container(String name) {
        return new GenericContainer<>(DockerImageName.parse(image(name))).withImagePullPolicy(image -> false);
    }

    /** Why containers of these images cannot be run, and what to do; empty where they can. */
    static Optional<String> problem(List<String> names) {
        if (Files.exists(Path.of("/.dockerenv")) && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
            // It would look for the ports of its containers on the other side of a gateway, for minutes, in vain.
            return Optional.of(
                    "this host has a /.dockerenv, so Testcontainers would take any engine for one outside; set"
                            + " TESTCONTAINERS_HOST_OVERRIDE to the host where containers' ports are, such as localhost"
                            + START);
        }
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String at = System.getenv("DOCKER_HOST");
            return Optional.of(
                    "none answers at " + (at == null ? "the usual sockets, and DOCKER_HOST is not set" : at) + START);
        }
        DockerClient client = DockerClientFactory.instance().client();
        for (String name : names) {
            try {
                client.inspectImageCmd(image(name)).exec();
            } catch (NotFoundException e) {
                return Optional.of(
                        "it has no image %s; fixtures/containers/images %s makes it".formatted(image(name), name));
            }
        }
        return Optional.empty();
    }
}
