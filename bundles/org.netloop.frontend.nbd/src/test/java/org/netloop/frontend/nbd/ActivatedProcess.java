package org.netloop.frontend.nbd;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.MemoryVolume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process to which sockets are passed, of {@link SocketActivationTest}. */
final class ActivatedProcess {
    private ActivatedProcess() {}

    /** Attaches at the places given, once for each line of standard input. */
    public static void main(String[] places) throws Exception {
        NbdFrontend frontend = new NbdFrontend(1 << 20, 8);
        while (System.in.read() == '\n') {
            List<Attachment> attached = new ArrayList<>();
            for (String place : places) {
                MemoryVolume volume = MemoryVolume.generated("root", 4096, 4096, _ -> false);
                attached.add(frontend.attach(volume, new AttachmentSpec(place, Map.of())));
            }
            System.out.println("attached");
            if (System.in.read() != '\n') {
                return;
            }
            for (Attachment one : attached) {
                one.close();
            }
            System.out.println("detached");
        }
    }
}
