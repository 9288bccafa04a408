package org.netloop.frontend.fuse;

import org.junit.jupiter.api.BeforeAll;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.Machine;
import org.netloop.tck.MountFairnessContract;

class FairnessTest extends MountFairnessContract {
    private final FuseFrontend frontend = new FuseFrontend();

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsFuse();
    }

    @Override
    protected Frontend frontend() {
        return frontend;
    }

    @Override
    protected void stop() {
        frontend.stop();
    }

    @Override
    protected String threadNames() {
        return "netloop-fuse";
    }
}
