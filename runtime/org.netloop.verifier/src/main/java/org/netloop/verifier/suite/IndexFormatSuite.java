package org.netloop.verifier.suite;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.IndexFormatContract;
import org.netloop.verifier.Subject;

/** What every {@link IndexFormat} promises, of the service under test. */
public final class IndexFormatSuite extends IndexFormatContract {

    /** For JUnit. */
    public IndexFormatSuite() {}

    @Override
    protected IndexFormat format() {
        return Subject.as(IndexFormat.class);
    }
}
