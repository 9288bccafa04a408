package org.netloop.verifier.suite;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.RecognitionContract;
import org.netloop.verifier.Subject;

/** Obligations of every {@link IndexFormat} towards files of other formats. */
public final class RecognitionSuite extends RecognitionContract {

    /** Created by JUnit. */
    public RecognitionSuite() {}

    @Override
    protected IndexFormat format() {
        return Subject.as(IndexFormat.class);
    }
}
