package org.netloop.mirror;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.tck.MirrorPolicyContract;

class LatencyPolicyTest extends MirrorPolicyContract {
    @Override
    protected MirrorPolicy policy() {
        return new LatencyPolicy();
    }
}
