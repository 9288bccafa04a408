package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jclouds.blobstore.domain.BlobAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Tests the effect of each setting, as a real server sees it. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class SettingsTest {
    private static final URI OBJECT = URI.create("s3://images/settings/a");

    @TempDir static Path directory;

    private static S3Server server;
    private static Front front;

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server(directory, true, true);
        front = new Front(server.endpoint());
        server.put("settings/a", "content".getBytes(UTF_8));
    }

    @AfterAll
    static void stopServer() throws Exception {
        front.close();
        server.close();
    }

    @BeforeEach
    void handOn() {
        front.script(_ -> Front.HAND_ON);
    }

    private static Map<String, Object> settings(Object... more) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("profile", Keys.RIGHT, "endpoint", front.endpoint()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(String.valueOf(more[i]), more[i + 1]);
        }
        return settings;
    }

    private static void fetch(S3Transport transport) throws Exception {
        try {
            ByteBuffer into = ByteBuffer.allocate(100);
            transport.fetch(
                    FetchRequest.whole(OBJECT, Duration.ofSeconds(50), FetchPurpose.DEMAND), into);
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap("content".getBytes(UTF_8)));
        } finally {
            transport.stop();
        }
    }

    private static void fetch(Object... more) throws Exception {
        fetch(Keys.transport(settings(more)));
    }

    private static Front.Request asked() {
        return front.requests().getLast();
    }

    private static String authorization() {
        return asked().header("Authorization");
    }

    @Test
    void theRegionIsSignedFor() throws Exception {
        fetch("region", "eu-test-7");
        assertThat(authorization()).contains("/eu-test-7/s3/aws4_request");
    }

    @Test
    void aProfileMayHaveARegion() throws Exception {
        fetch("profile", Keys.REGIONAL);
        assertThat(authorization()).contains("/eu-test-9/s3/aws4_request");
    }

    @Test
    void withoutARegionItIsTheFirstOne() throws Exception {
        fetch();
        assertThat(authorization()).contains("/us-east-1/s3/aws4_request");
    }

    @Test
    void anEndpointOfOnesOwnIsAskedByPath() throws Exception {
        fetch();
        assertThat(asked().path()).isEqualTo("/images/settings/a");
    }

    @Test
    void theBucketMayGoInFrontOfTheHost() {
        // Nobody has that name: what matters is who is asked for.
        assertThatThrownBy(
                        () -> fetch("addressing", "virtual", "endpoint", "http://endpoint.invalid"))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("endpoint.invalid");
    }

    @Test
    void withoutKeysAPublicBucketIsRead() throws Exception {
        assertThatThrownBy(() -> fetch("anonymous", true))
                .isInstanceOf(Denied.class)
                .hasMessageContaining("may not be had without keys");
        assertThat(authorization()).isEmpty();
        server.store().setBlobAccess(S3Server.BUCKET, "settings/a", BlobAccess.PUBLIC_READ);
        fetch("anonymous", true);
        assertThat(authorization()).isEmpty();
        fetch(
                new S3Transport(
                        TestSettings.of(Map.of()),
                        Map.of(
                                "NETLOOP_S3_ANONYMOUS",
                                "true",
                                "AWS_ENDPOINT_URL_S3",
                                front.endpoint())));
        assertThat(authorization()).isEmpty();
        server.store().setBlobAccess(S3Server.BUCKET, "settings/a", BlobAccess.PRIVATE);
    }

    @Test
    void whoRequestsPaysInEveryRequest() throws Exception {
        Map<String, Object> settings = settings("requester_pays", true);
        fetch(Keys.transport(settings));
        S3Transport transport = Keys.transport(settings);
        Repository repository = transport.open(URI.create("s3://images/payer"));
        repository.putOnce("a", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
        repository.read("a", 1);
        repository.list("").close();
        repository.delete("a");
        transport.stop();
        assertThat(front.methods()).containsExactly("GET", "HEAD", "PUT", "GET", "GET", "DELETE");
        assertThat(front.requests())
                .allMatch(request -> request.header("x-amz-request-payer").equals("requester"));
        handOn();
        fetch();
        assertThat(asked().header("x-amz-request-payer")).isEmpty();
    }

    @Test
    void aBucketMayBeReachedInAnotherWay() throws Exception {
        fetch(
                "endpoint",
                "http://endpoint.invalid",
                "buckets",
                new String[] {
                    "other region=nowhere-1",
                    "images endpoint=" + front.endpoint() + " region=eu-test-8"
                });
        assertThat(authorization()).contains("/eu-test-8/");
    }

    @Test
    void aServerIsTrustedByTheAuthoritiesOfAFile() throws Exception {
        fetch("endpoint", server.secureEndpoint(), "ca_file", server.certificate().toString());
        fetch(
                new S3Transport(
                        TestSettings.of(settings("endpoint", server.secureEndpoint())),
                        Map.of("AWS_CA_BUNDLE", server.certificate().toString())));
        assertThatThrownBy(() -> fetch("endpoint", server.secureEndpoint()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("not signed by an authority that this machine trusts");
    }

    @Test
    void authoritiesThatAreNoneAreNamed() throws IOException {
        Path none = Files.writeString(directory.resolve("none.pem"), "nothing");
        for (Path file : new Path[] {none, directory.resolve("absent.pem")}) {
            assertThatThrownBy(() -> fetch("ca_file", file.toString()))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aProfileThatIsNotThereIsDenied() {
        assertThatThrownBy(() -> fetch("profile", "nobody"))
                .isInstanceOf(Denied.class)
                .hasMessageContaining("no keys were found in the profile nobody");
    }

    @Test
    void settingsThatCannotBeMeantAreRefusedWithTheirNames() {
        assertRefused("addressing", "sideways", "addressing is 'sideways'");
        assertRefused("endpoint", "ftp://host", "endpoint");
        assertRefused("endpoint", "http://me:sesame@host", "endpoint");
        assertRefused("endpoint", "http://me:sesame@ho st", "endpoint");
        assertRefused("buckets", new String[] {"images colour=red"}, "'colour'");
        assertRefused("buckets", new String[] {"images anonymous=perhaps"}, "'perhaps'");
        assertRefused("buckets", new String[] {"images region"}, "expected key=value");
    }

    private static void assertRefused(String name, Object value, String message) {
        assertThatThrownBy(() -> Keys.transport(settings(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("sesame");
    }
}
