package org.netloop.verifier.suite;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;
import org.netloop.verifier.Subject;

/** Obligations of every {@link Codec}, checked on the service under test. */
public final class CodecSuite extends CodecContract {

    /** Created by JUnit. */
    public CodecSuite() {}

    @Override
    protected Codec codec() {
        return Subject.as(Codec.class);
    }
}
