/**
 * The codec contract: encodes and decodes one block at a time.
 *
 * <p>A {@link org.netloop.api.codec.Codec} turns plain bytes into a stored form and back. Its id is
 * what indexes call it. A stored form marks its own end; whether something may follow it, as in a
 * file whose blocks fill whole sectors, is for the index to say and for the engine to check.
 *
 * <p>Obligations: equal plain bytes, level and version give equal stored bytes; decoding gives the
 * plain bytes back; stored bytes are hostile, and cost memory in proportion to the buffers only. A
 * codec keeps no buffer and is called by many threads at once.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
