package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/** Addresses as clients take them, and places as people write them. */
class UrisTest {

    @Test
    void namesAndPathsAreEncoded() {
        assertThat(Uris.unix(Path.of("/run/a b/s&x=1+2.sock"), "hello wörld?#%/2", false))
                .isEqualTo(
                        "nbd+unix:///hello%20w%C3%B6rld%3F%23%25/2"
                                + "?socket=/run/a%20b/s%26x%3D1%2B2.sock");
    }

    @Test
    void hostsOfIpv6StandInBrackets() throws IOException {
        assertThat(Uris.tcp(InetAddress.getByName("127.0.0.1"), 10809, "root", false))
                .isEqualTo("nbd://127.0.0.1:10809/root");
        assertThat(Uris.tcp(InetAddress.getByName("::1"), 1, "", true))
                .isEqualTo("nbds://[0:0:0:0:0:0:0:1]:1/");
    }

    @Test
    void textsThatMeanTheSameAreTheSamePlace() {
        assertThat(Place.parse("unix:///run/x"))
                .isEqualTo(Place.parse("unix:/run/x"))
                .isEqualTo(Place.parse("unix:/run/../run/x"));
        assertThat(Place.parse("tcp://127.0.0.1:0")).isEqualTo(Place.parse("tcp://127.0.0.1:0"));
    }

    @Test
    void aPlaceThatCannotBeSaysWhy() {
        assertThatThrownBy(() -> Place.parse("tcp://127.0.0.1:99999"))
                .hasMessageContaining("the port 99999 is above 65535");
        assertThatThrownBy(() -> Place.parse("unix:/" + "x".repeat(200)))
                .hasMessageContaining("at most 107 bytes");
        assertThatThrownBy(() -> Place.parse("tcp://a b:1"))
                .hasMessageContaining("is not a place for NBD");
        assertThatThrownBy(() -> Place.parse("unix:")).hasMessageContaining("names no socket");
        assertThatThrownBy(() -> Place.parse("unix:a\0b")).hasMessageContaining("cannot be a path");
    }

    @Test
    void namesOfExportsAreStringsOfTheProtocol() {
        assertThat(Text.checkedName("")).isEmpty();
        assertThat(Text.checkedName("x".repeat(4096))).hasSize(4096);
        assertThatThrownBy(() -> Text.checkedName("ö".repeat(2049)))
                .hasMessageContaining("at most 4096 bytes, and this one has 4098");
        assertThatThrownBy(() -> Text.checkedName("a\0b")).hasMessageContaining("zero character");
        assertThatThrownBy(() -> Text.checkedName("\ud800")).hasMessageContaining("not valid");
    }

    @Test
    void messagesAreCutBetweenCharactersAndHoldNoControls() {
        byte[] cut = Text.message("ö".repeat(3000));
        assertThat(cut).hasSizeLessThanOrEqualTo(4096);
        assertThat(new String(cut, UTF_8)).matches("ö+");
        assertThat(new String(Text.message("a\0b\u001b[31m"), UTF_8)).isEqualTo("a\\x00b\\x1b[31m");
    }
}
