package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException.Unsupported;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Random;

class LocationTest {
    private static final int CASES = 100_000;

    @ParameterizedTest
    @CsvSource({
        "s3://images/root/a, images, root/a",
        "s3://images, images, ''",
        "s3://images/, images, ''",
        "s3://my.bucket-1/a%20b/%2B, my.bucket-1, a b/+",
        "s3://under_score/a, under_score, a",
    })
    void aUriHasABucketAndAKey(URI uri, String bucket, String key) throws Unsupported {
        assertThat(Location.of(uri)).isEqualTo(new Location(bucket, key));
    }

    @Test
    void aDirectoryEndsWithASlashButForTheBucketItself() throws Unsupported {
        assertThat(Location.of(URI.create("s3://images/a")).asDirectory().key()).isEqualTo("a/");
        assertThat(Location.of(URI.create("s3://images")).asDirectory().key()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:images",
                "s3:///root",
                "s3://images/a?versionId=1",
                "s3://images:80/a",
                "s3://im$ages/a"
            })
    void whatIsNoPlaceIsRefused(URI uri) {
        assertThatThrownBy(() -> Location.of(uri))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("expected s3://bucket/prefix");
    }

    @Test
    void aKeyInAUriIsNotRepeated() {
        for (String uri : new String[] {"s3://AKIA:sesame@images/a", "s3://sesame@images/a"}) {
            assertThatThrownBy(() -> Location.of(URI.create(uri)))
                    .isInstanceOf(Unsupported.class)
                    .hasMessageContaining("AWS_ACCESS_KEY_ID")
                    .hasMessageNotContaining("sesame");
        }
    }

    @Test
    void whateverAUriIsItIsAPlaceOrRefused() {
        Random random = new Random(3);
        String alphabet = "s3:/abc.-_%2f0@?#&+~!$";
        for (int i = 0; i < CASES; i++) {
            StringBuilder text = new StringBuilder("s3://");
            int length = random.nextInt(24);
            for (int at = 0; at < length; at++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Location location = Location.of(new URI(text.toString()));
                assertThat(location.bucket()).doesNotContain("/", "@").isNotEmpty();
                assertThat(Location.of(location.uri())).isEqualTo(location);
            } catch (URISyntaxException | Unsupported _) {
                // Refused.
            }
        }
    }
}
