package org.netloop.verifier.suite;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.RecognitionContract;
import org.netloop.verifier.Subject;

/** What every {@link IndexFormat} promises of files that are not its own. */
public final class RecognitionSuite extends RecognitionContract {

    /** For JUnit. */
    public RecognitionSuite() {}

    @Override
    protected IndexFormat format() {
        return Subject.as(IndexFormat.class);
    }
}
