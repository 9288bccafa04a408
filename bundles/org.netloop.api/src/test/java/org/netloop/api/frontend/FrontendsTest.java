package org.netloop.api.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.volume.EmptyVolume;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

class FrontendsTest {
    private static final AttachmentSpec SPEC = new AttachmentSpec("/mnt", Map.of());

    private static Frontend frontend(String id, @Nullable String lack) {
        return new Frontend() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
                if (lack != null) {
                    throw new FrontendUnavailableException(id, lack, null);
                }
                return new At(id, volume.name());
            }

            @Override
            public List<Attachment> attachments() {
                return List.of();
            }
        };
    }

    private static Attachment attach(List<String> ids, Frontend... registered) throws IOException {
        return Frontends.attach(List.of(registered), ids, new EmptyVolume("root", false), SPEC);
    }

    @Test
    void theFirstOneThatCanIsTaken() throws IOException {
        List<String> ids = List.of("devfuse", "fuse");
        assertThat(attach(ids, frontend("fuse", null), frontend("devfuse", null)))
                .isEqualTo(new At("devfuse", "root"));
        assertThat(attach(ids, frontend("fuse", null), frontend("devfuse", "no device")))
                .isEqualTo(new At("fuse", "root"));
        assertThat(attach(ids, frontend("fuse", null))).isEqualTo(new At("fuse", "root"));
    }

    @Test
    void whereNoneCanEachSaysWhyOnce() {
        List<String> ids = List.of("devfuse", "fuse");
        assertThatThrownBy(
                        () ->
                                attach(
                                        ids,
                                        frontend("devfuse", "no device"),
                                        frontend("fuse", "no library")))
                .isInstanceOf(FrontendUnavailableException.class)
                .hasMessage(
                        "frontend devfuse is not available: no device; frontend fuse is not"
                                + " available: no library");
        assertThatThrownBy(
                        () ->
                                attach(
                                        ids,
                                        frontend("devfuse", "no device"),
                                        frontend("fuse", "no device")))
                .hasMessage("frontend devfuse is not available: no device");
    }

    @Test
    void whereNoneIsThereTheLastOneIsNamed() {
        assertThatThrownBy(() -> attach(List.of("devfuse", "fuse"), frontend("nbd", null)))
                .isInstanceOf(IOException.class)
                .hasMessage("no frontend 'fuse' is installed; install the feature frontend-fuse");
    }

    @Test
    void anAttachmentHasARank() {
        assertThat(SPEC.rank()).isZero();
        assertThat(new AttachmentSpec("/mnt", Map.of(), 2).rank()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttachmentSpec("/mnt", Map.of(), -1))
                .withMessage("rank -1 of an attachment at /mnt");
        assertThat(new At("nbd", "root").outlivesFrontend()).isFalse();
    }

    private record At(String address, String volume) implements Attachment {
        @Override
        public CompletionStage<Void> detached() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
