package org.netloop.transport.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The keys of these tests, as profiles of a file where the SDK looks for them. */
final class Keys {
    static final String RIGHT = "right";
    static final String WRONG_SECRET = "wrong-secret";
    static final String UNKNOWN = "unknown";
    static final String REGIONAL = "regional";

    /** Secrets that must never appear in any output. */
    static final String[] SECRETS = {S3Server.SECRET, "sesame-that-is-wrong", "a-token-of-nobody"};

    private Keys() {}

    /** Writes them, and tells the SDK of them; they stay until the virtual machine ends. */
    static void provide() {
        try {
            Path file = Files.createTempFile("netloop-s3", ".credentials");
            file.toFile().deleteOnExit();
            Files.writeString(
                    file,
                    """
                    [right]
                    aws_access_key_id = %s
                    aws_secret_access_key = %s
                    [wrong-secret]
                    aws_access_key_id = %s
                    aws_secret_access_key = %s
                    [unknown]
                    aws_access_key_id = AKIAOFNOBODY
                    aws_secret_access_key = %s
                    aws_session_token = %s
                    [regional]
                    aws_access_key_id = %s
                    aws_secret_access_key = %s
                    region = eu-test-9
                    """
                            .formatted(
                                    S3Server.KEY,
                                    S3Server.SECRET,
                                    S3Server.KEY,
                                    SECRETS[1],
                                    SECRETS[1],
                                    SECRETS[2],
                                    S3Server.KEY,
                                    S3Server.SECRET));
            System.setProperty("aws.sharedCredentialsFile", file.toString());
            System.setProperty("aws.configFile", "/dev/null");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A transport with those of a profile. */
    static S3Transport transport(String profile, String endpoint) {
        return transport(Map.of("profile", profile, "endpoint", endpoint));
    }

    /** A transport with these settings, and an environment that says nothing. */
    static S3Transport transport(Map<String, Object> settings) {
        provide();
        return new S3Transport(TestSettings.of(settings), Map.of());
    }
}
