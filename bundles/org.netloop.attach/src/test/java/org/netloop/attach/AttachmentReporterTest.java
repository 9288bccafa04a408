package org.netloop.attach;

import org.netloop.api.status.Reporter;
import org.netloop.tck.ReporterContract;

class AttachmentReporterTest extends ReporterContract {
    private final ConfiguredAttachment configured =
            ConfiguredAttachmentTest.configured(new ManualTimer());

    @Override
    protected Reporter reporter() {
        return configured;
    }
}
