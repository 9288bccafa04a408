package org.netloop.mirror;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.tck.MirrorPolicyContract;

class ThroughputPolicyTest extends MirrorPolicyContract {
    @Override
    protected MirrorPolicy policy() {
        return new ThroughputPolicy();
    }
}
