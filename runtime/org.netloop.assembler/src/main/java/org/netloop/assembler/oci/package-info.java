/** The kind oci: an OCI image layout. */
@NullMarked
package org.netloop.assembler.oci;

import org.jspecify.annotations.NullMarked;
