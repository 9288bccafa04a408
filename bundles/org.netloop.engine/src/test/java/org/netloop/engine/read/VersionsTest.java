package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;

import java.net.URI;

class VersionsTest {
    private static final URI FILE = URI.create("http://a/disk.img");
    private static final URI MIRROR = URI.create("http://b/disk.img");

    private static ObjectVersion seen(URI repository, Fetched object) throws Exception {
        Versions versions = new Versions(repository);
        versions.check("", object, repository);
        ObjectVersion version = versions.of("");
        assertThat(version).isNotNull();
        return version;
    }

    @Test
    void theFirstVersionIsKeptAndOthersAreRefused() throws Exception {
        Versions versions = new Versions(FILE);
        versions.check("", new Fetched(1000, "\"a\""), FILE);
        versions.check("", new Fetched(1000, "\"a\""), MIRROR);
        for (Fetched other :
                new Fetched[] {
                    new Fetched(1000, "\"b\""),
                    new Fetched(1001, "\"a\""),
                    new Fetched(1000, null),
                    new Fetched(Fetched.UNKNOWN, "\"a\"")
                }) {
            assertThatThrownBy(() -> versions.check("", other, MIRROR))
                    .isInstanceOf(FetchException.Corrupt.class)
                    .hasMessageContaining("http://b/disk.img is not the file that was opened");
        }
        versions.forget();
        versions.check("", new Fetched(1000, "\"b\""), FILE);
    }

    @Test
    void aVersionIsNamedByUriLengthAndValidator() throws Exception {
        ObjectVersion version = seen(FILE, new Fetched(1000, "\"a\""));
        assertThat(seen(FILE, new Fetched(1000, "\"a\""))).isEqualTo(version);
        for (ObjectVersion other :
                new ObjectVersion[] {
                    seen(MIRROR, new Fetched(1000, "\"a\"")),
                    seen(FILE, new Fetched(1001, "\"a\"")),
                    seen(FILE, new Fetched(1000, "\"b\"")),
                    seen(FILE, new Fetched(1000, null))
                }) {
            assertThat(other.name()).isNotEqualTo(version.name());
            assertThat(other.range(0, 10, 10, "none").key())
                    .isNotEqualTo(version.range(0, 10, 10, "none").key());
        }
    }

    @Test
    void withoutAValidatorEachOpeningIsAVersionOfItsOwn() throws Exception {
        assertThat(seen(FILE, new Fetched(1000, null)).name())
                .isNotEqualTo(seen(FILE, new Fetched(1000, null)).name());
    }
}
