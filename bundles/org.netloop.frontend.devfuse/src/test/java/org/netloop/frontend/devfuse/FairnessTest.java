package org.netloop.frontend.devfuse;

import org.junit.jupiter.api.BeforeAll;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.Machine;
import org.netloop.tck.MountFairnessContract;

class FairnessTest extends MountFairnessContract {
    private final DevFuseFrontend frontend = new DevFuseFrontend();

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsDevFuse();
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
        return "netloop-devfuse";
    }
}
