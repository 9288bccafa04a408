package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.systemd.HandsOver;
import org.netloop.tck.Machine;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tests what is handed over to another process, and what is left of one that failed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TakeoverTest {
    @TempDir private Path directory;

    private final DevFuseFrontend frontend = new DevFuseFrontend();
    private final List<Object> registered = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsDevFuse();
    }

    @AfterEach
    void endAll() {
        frontend.attachments().forEach(TakeoverTest::close);
    }

    private static void close(Attachment attachment) {
        try {
            attachment.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Attachment attach() throws Exception {
        return frontend.attach(
                ServingProcess.volume(),
                new AttachmentSpec(
                        directory.resolve("mount").toString(), Map.of("survive", "true")));
    }

    private static <T> T fake(Class<T> type, InvocationHandler answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }

    /** A framework that goes on when the bundle stops. */
    private BundleContext framework() {
        ServiceRegistration<?> registration =
                fake(
                        ServiceRegistration.class,
                        (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("unregister");
                            registered.clear();
                            return null;
                        });
        BundleContext[] context = new BundleContext[1];
        Bundle bundle =
                fake(
                        Bundle.class,
                        (_, method, _) ->
                                method.getName().equals("getState") ? Bundle.ACTIVE : context[0]);
        context[0] =
                fake(
                        BundleContext.class,
                        (_, method, arguments) -> {
                            if (method.getName().equals("getBundle")) {
                                return bundle;
                            }
                            assertThat(arguments[0]).isEqualTo(HandsOver.class);
                            registered.add(arguments[1]);
                            return registration;
                        });
        return context[0];
    }

    @Test
    void mountsOfABundleThatIsReplacedAreHandedOverAllTheSame() throws Exception {
        frontend.start(framework());
        Attachment attachment = attach();
        frontend.stop();
        assertThat(registered).containsExactly(frontend);
        assertThat(frontend.handOver()).hasSize(1);
        attachment.close();
        // Its threads see by themselves that it has gone.
        while (!registered.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aBundleWithoutMountsLeavesNothing() {
        frontend.start(framework());
        frontend.stop();
        assertThat(registered).isEmpty();
    }

    @Test
    void aSuccessorThatHasEndedLeavesNothingThatHoldsTheMount() throws Exception {
        Attachment attachment = attach();
        Claim claim = Claim.of(directory.resolve("mount"), new Mounting.Kind(false, false));
        int descriptor = Native.open(Mounting.DEVICE);
        Holder left = Holder.start(descriptor, claim);
        Native.close(descriptor);

        frontend.takeBack();

        assertThat(left.isThere()).isFalse();
        assertThat(Holder.of(claim.device()).orElseThrow().isThere()).isTrue();
        attachment.close();
        assertThat(Holder.of(claim.device())).isEmpty();
    }

    @Test
    void aHolderIsFoundFromTheMomentItIsStarted() throws Exception {
        int descriptor = Native.open(Mounting.DEVICE);
        for (int i = 0; i < 100; i++) {
            Claim claim = new Claim("7777:" + i, new Mounting.Kind(false, false));
            Holder started = Holder.start(descriptor, claim);
            boolean found = Holder.of(claim.device()).isPresent();
            started.end();
            assertThat(found).isTrue();
        }
        Native.close(descriptor);
    }
}
