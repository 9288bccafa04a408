package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class CacheOptionsTest {

    @Test
    void theCacheLiesWhereTheEnvironmentSaysOrAtHome() {
        assertThat(CacheOptions.standardDirectory("/c", "/home/a"))
                .isEqualTo(Path.of("/c/netloop/blocks"));
        assertThat(CacheOptions.standardDirectory(null, "/home/a"))
                .isEqualTo(Path.of("/home/a/.cache/netloop/blocks"));
        assertThat(CacheOptions.standardDirectory("relative", "/home/a"))
                .isEqualTo(Path.of("/home/a/.cache/netloop/blocks"));
    }

    @Test
    void aUserWithoutHomeHasNone() {
        assertThat(CacheOptions.standardDirectory(null, "?")).isNull();
    }
}
