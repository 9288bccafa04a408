package org.netloop.verifier.suite;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.tck.MirrorPolicyContract;
import org.netloop.verifier.Subject;

/** Obligations of every {@link MirrorPolicy}, checked on the service under test. */
public final class MirrorPolicySuite extends MirrorPolicyContract {

    /** Created by JUnit. */
    public MirrorPolicySuite() {}

    @Override
    protected MirrorPolicy policy() {
        return Subject.as(MirrorPolicy.class);
    }
}
