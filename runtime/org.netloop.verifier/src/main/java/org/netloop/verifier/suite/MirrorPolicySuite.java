package org.netloop.verifier.suite;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.tck.MirrorPolicyContract;
import org.netloop.verifier.Subject;

/** What every {@link MirrorPolicy} promises, of the service under test. */
public final class MirrorPolicySuite extends MirrorPolicyContract {

    /** For JUnit. */
    public MirrorPolicySuite() {}

    @Override
    protected MirrorPolicy policy() {
        return Subject.as(MirrorPolicy.class);
    }
}
