package org.netloop.api.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.profile.Pack;

import java.util.List;

/** Tests the paths that a hostile document may name. */
class ObjectPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "blocks/ab/abcdef",
                "index.idx",
                "a",
                "..a/b..",
                "packs/a%20b",
                "store.castr/00ff/x.cacnk"
            })
    void objectsOfTheRepositoryAreNamed(String path) {
        assertThat(ObjectPath.isInside(path)).isTrue();
        assertThat(ObjectPath.isInsideOrBeside("../" + path)).isTrue();
        assertThat(ObjectPath.isInside("../" + path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://other/admin?delete=all",
                "file:///etc/passwd",
                "x:y",
                "//other/x",
                "/etc/passwd",
                "a//b",
                "a/",
                ".",
                "a/./b",
                "..",
                "a/../../b",
                "a/..",
                "a\\..\\b",
                "%2e%2e/a",
                "a/%2E%2e/b",
                "a%2fb",
                "a%5cb",
                "a%00",
                "a%0ab",
                "a%25b",
                "a%3fb",
                "a%",
                "a%2",
                "a%zz",
                "a?b",
                "a#b",
                "a b",
                "a\nb",
                "a\u0000b",
                "\u202e",
                "ä"
            })
    void nothingElseIs(String path) {
        assertThat(ObjectPath.isInside(path)).isFalse();
        assertThat(ObjectPath.isInsideOrBeside("../" + path)).isFalse();
        assertThatThrownBy(() -> new Pack(path, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theBaseItselfHasTheEmptyPath() {
        assertThat(ObjectPath.isInside("")).isFalse();
        assertThat(ObjectPath.isInsideOrBeside("")).isTrue();
        assertThat(ObjectPath.isInsideOrBeside("../")).isFalse();
    }

    @Test
    void noPathIsLongerThanAServerTakes() {
        assertThat(ObjectPath.isInside("a".repeat(1024))).isTrue();
        assertThat(ObjectPath.isInside("a".repeat(1025))).isFalse();
    }

    @Test
    void aPathThatIsRequiredIsReturned() {
        assertThat(ObjectPath.requireInside("azAZ09", "it")).isEqualTo("azAZ09");
        assertThat(ObjectPath.requireInsideOrBeside("../beside", "it")).isEqualTo("../beside");
        assertThatThrownBy(() -> ObjectPath.requireInside("../beside", "it"))
                .hasMessageStartingWith("it has the path '../beside'");
        assertThatThrownBy(() -> ObjectPath.requireInsideOrBeside("/etc/passwd", "it"))
                .hasMessageStartingWith("it has the path '/etc/passwd'");
    }
}
