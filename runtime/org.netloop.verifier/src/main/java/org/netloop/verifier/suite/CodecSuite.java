package org.netloop.verifier.suite;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;
import org.netloop.verifier.Subject;

/** What every {@link Codec} promises, of the service under test. */
public final class CodecSuite extends CodecContract {

    /** For JUnit. */
    public CodecSuite() {}

    @Override
    protected Codec codec() {
        return Subject.as(Codec.class);
    }

    @Override
    protected boolean isPadded() {
        return Subject.isPadded(codec().id());
    }
}
