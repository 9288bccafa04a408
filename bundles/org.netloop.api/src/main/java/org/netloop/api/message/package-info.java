/**
 * Text that reaches people: messages, logs, terminals. Secrets are taken out of it here, what comes
 * from outside is made printable here, and failures become sentences here, so that every bundle
 * says the same of the same.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
