package org.netloop.verifier.suite;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.IndexFormatContract;
import org.netloop.verifier.Subject;

/** Obligations of every {@link IndexFormat}, checked on the service under test. */
public final class IndexFormatSuite extends IndexFormatContract {

    /** Created by JUnit. */
    public IndexFormatSuite() {}

    @Override
    protected IndexFormat format() {
        return Subject.as(IndexFormat.class);
    }
}
