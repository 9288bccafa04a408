package org.netloop.assembler.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.assembler.AssemblyException;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "META-INF/lib/zstd-jni/linux/amd64/libzstd-jni-1.so, false",
        "META-INF/lib/zstd-jni/linux/aarch64/libzstd-jni-1.so, true",
        "META-INF/lib/zstd-jni/darwin/x86_64/libzstd-jni-1.dylib, true",
        "jni/x86_64-Linux/libjffi-1.2.so, false",
        "jni/x86_64-FreeBSD/libjffi-1.2.so, true",
        "jni/ppc64-AIX/libjffi-1.2.a, true",
        "META-INF/lib/jline-native/org/jline/nativ/Linux/x86_64/libjlinenative.so, false",
        "META-INF/lib/jline-native/org/jline/nativ/Windows/x86_64/jlinenative.dll, true",
        "com/acme/libacme.so, false",
        "com/acme/darwin/Names.class, false"
    })
    void librariesOfOtherPlatformsAreForeign(String member, boolean foreign) throws Exception {
        assertThat(Platform.of("linux-x86_64").isForeign(member)).isEqualTo(foreign);
    }

    @Test
    void thereIsNoOther() {
        assertThatThrownBy(() -> Platform.of("windows"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("linux-x86_64, linux-aarch64");
    }
}
