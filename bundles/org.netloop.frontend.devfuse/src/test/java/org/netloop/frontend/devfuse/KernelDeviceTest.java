package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.netloop.api.systemd.Pipe;

import java.io.IOException;

/** Tests the kernel's end of a session; a pipe stands for it. */
@EnabledOnOs(OS.LINUX)
class KernelDeviceTest {
    @Test
    void nothingIsWrittenToADescriptorThatIsClosed() throws IOException {
        Pipe pipe = Pipe.open();
        try {
            KernelDevice device = new KernelDevice(pipe.writing());
            assertThat(device.askAgain()).isEqualTo(16);
            device.close();
            assertThat(device.askAgain()).isEqualTo(-Errno.ENODEV);
        } finally {
            Native.close(pipe.reading());
        }
    }
}
