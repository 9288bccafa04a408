/**
 * Requirements on a plugin's jar, in one place.
 *
 * <p>{@code netloop plugin verify}, the directory {@code plugins} of a deployment and {@code
 * netloop bundle install} check the same things and refuse them in the same words. A {@link
 * org.netloop.api.plugin.PluginInstaller} installs the plugins of a directory.
 *
 * <p>Obligations of a plugin: it exports no package, holds no copy of the contracts, registers at
 * least one of their services, has no classes for a newer Java, and lets its bundle be stopped.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
