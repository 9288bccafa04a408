package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** Tests the words for a library that is missing or cannot be loaded. */
class FuseWordsTest {
    @Test
    void theLibraryThatIsMissingIsNamedWithItsPackages() {
        assertThatThrownBy(() -> LibFuse.require("libfuse-that-is-not-there.so.2"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "frontend fuse is not available: libfuse-that-is-not-there.so.2 is not"
                                + " installed (Debian and Ubuntu: package libfuse2, Fedora:"
                                + " fuse-libs, Alpine: fuse)");
    }

    @Test
    void nativeCodeThatCannotBeLoadedIsToldByItsRootCause() {
        LinkageError wrapped = new ExceptionInInitializerError(new UnsatisfiedLinkError("noexec"));
        assertThat(LibFuse.notLoaded(wrapped))
                .hasMessageContaining("temporary directory")
                .hasMessageEndingWith("noexec");
    }
}
