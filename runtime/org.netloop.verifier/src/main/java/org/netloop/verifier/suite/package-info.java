/** The suites of the kit that need nothing but the service: each asks for the one under test. */
@NullMarked
package org.netloop.verifier.suite;

import org.jspecify.annotations.NullMarked;
