/**
 * The compatibility kit: one abstract JUnit suite per contract. A backend's test extends the suite
 * and says how to make the backend; what the contract promises is then tested.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
