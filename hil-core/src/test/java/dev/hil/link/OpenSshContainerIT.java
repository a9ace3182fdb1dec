package dev.hil.link;

import dev.hil.engine.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Debian's openssh. */
@NeedsEngine("openssh")
class OpenSshContainerIT extends SshContainerContract {
    OpenSshContainerIT(@TempDir Path folder) {
        super("openssh", folder);
    }
}
