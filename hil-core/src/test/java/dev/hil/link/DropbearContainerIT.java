package dev.hil.link;

import dev.hil.engine.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Debian's dropbear. */
@NeedsEngine("dropbear")
class DropbearContainerIT extends SshContainerContract {
    DropbearContainerIT(@TempDir Path folder) {
        super("dropbear", folder);
    }
}
