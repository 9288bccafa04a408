package org.netloop.control.bundles;

import org.netloop.api.plugin.PluginInstaller;
import org.netloop.control.registry.FileStamps;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Installs the plugins of a directory once, for a command that runs by itself. */
@Component
public final class DirectoryInstaller implements PluginInstaller {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final BundleContext context;

    /** Created by Declarative Services. */
    @Activate
    public DirectoryInstaller(BundleContext context) {
        this.context = context;
    }

    @Override
    public Map<String, String> install(Path directory) throws IOException, InterruptedException {
        if (!Files.isDirectory(directory)) {
            return Map.of();
        }
        BundleManager manager = new BundleManager(context, context.getDataFile("").toPath(), LIMIT);
        Plugins plugins = new Plugins(directory.toAbsolutePath(), manager);
        plugins.settle(FileStamps.NONE.again(directory.toAbsolutePath(), PluginDirectory.JARS));
        return plugins.refusals();
    }
}
