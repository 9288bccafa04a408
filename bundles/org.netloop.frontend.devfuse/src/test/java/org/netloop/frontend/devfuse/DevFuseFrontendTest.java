package org.netloop.frontend.devfuse;

import org.junit.jupiter.api.BeforeAll;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.Machine;
import org.netloop.tck.MountContract;

class DevFuseFrontendTest extends MountContract {
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
    protected Frontend another() {
        return new DevFuseFrontend();
    }
}
