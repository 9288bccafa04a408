package org.netloop.assembler.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.Manifest;

class HeadersTest {
    @Test
    void namesAreThoseThatHaveToBeThere() throws Exception {
        String text =
                """
                Manifest-Version: 1.0
                Bundle-SymbolicName: a.b;singleton:=true
                Import-Package: x.y;version="[1.0,2)",o;resolution:=optional, java.util
                """;
        Manifest manifest =
                new Manifest(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        Headers headers = new Headers(Path.of("a.jar"), manifest);
        assertThat(headers.name()).isEqualTo("a.b");
        assertThat(headers.names("Import-Package")).containsExactly("x.y", "java.util");
        assertThat(headers.names("Export-Package")).isEmpty();
    }
}
