/** Ed25519 keys and signatures, in the file formats of OpenBSD's signify. */
@NullMarked
package org.netloop.trust.signify;

import org.jspecify.annotations.NullMarked;
