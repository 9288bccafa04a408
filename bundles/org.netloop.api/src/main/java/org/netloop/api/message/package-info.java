/**
 * Text for people: messages, logs, terminals.
 *
 * <p>{@link org.netloop.api.message.Failures} turns a failure into a sentence, {@link
 * org.netloop.api.message.Secrets} removes secrets, {@link org.netloop.api.message.Printable}
 * escapes control characters, and {@link org.netloop.api.message.Table} aligns columns.
 *
 * <p>Obligations of code that shows text: whatever comes from outside passes through {@code
 * Printable}; whatever may hold a URI passes through {@code Secrets}. No other code does the same
 * work again.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
