package org.netloop.control.bundles;

import java.nio.file.Path;

/**
 * An installed bundle of a symbolic name: the one that would be replaced by an update.
 *
 * @param version its version
 * @param file the jar that the framework reads
 * @param isActive whether it is started; else it was stopped
 * @param isPlugin whether it came from the directory of plugins
 */
public record Running(String version, Path file, boolean isActive, boolean isPlugin) {}
