package org.netloop.api.plugin;

import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Installs the plugins of a directory into the process that asks, for as long as it runs.
 * Registered as a service; called by any thread.
 */
@ProviderType
public interface PluginInstaller {

    /**
     * Installs and starts each jar of a directory, in the order of their names, or lets it take the
     * place of the bundle of its symbolic name. Returns when their services are there. What is
     * refused keeps no other from being installed.
     *
     * @param directory holds {@code *.jar} files; need not be there
     * @return why files were refused, one sentence each, by their names; empty if all were taken
     * @throws IOException if the directory cannot be read, or others than its owner may write to it
     */
    Map<String, String> install(Path directory) throws IOException, InterruptedException;
}
