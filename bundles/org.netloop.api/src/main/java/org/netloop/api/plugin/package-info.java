/**
 * What a plugin's jar has to keep to be installed, in one place: {@code netloop plugin verify}, the
 * directory {@code plugins} of a deployment and {@code netloop bundle install} refuse the same
 * things in the same words.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
