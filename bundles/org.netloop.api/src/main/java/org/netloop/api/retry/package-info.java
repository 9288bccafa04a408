/**
 * Further attempts of parts that set something aside which may work later: an attachment whose
 * place is taken, an overlay that another process holds. Each outcome is reported to a {@link
 * org.netloop.api.retry.Retry}, which decides when the next attempt is due.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.retry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
