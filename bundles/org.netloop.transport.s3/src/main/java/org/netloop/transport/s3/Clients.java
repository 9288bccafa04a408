package org.netloop.transport.s3;

import org.netloop.api.tls.Authorities;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import javax.net.ssl.TrustManager;

/** Makes the SDK's clients, each when it is first needed: that takes half a second. Thread-safe. */
final class Clients implements AutoCloseable {
    private final S3Settings settings;
    private final String authorities;
    private final Map<Key, S3Client> made = new HashMap<>();

    /** Connections by access: an endpoint that hangs does not use up those of another one. */
    private final Map<Access, SdkHttpClient> http = new HashMap<>();

    private boolean closed;

    private record Key(Access access, boolean retrying) {}

    /**
     * @param authorities a PEM file; empty for the JDK's
     */
    Clients(S3Settings settings, String authorities) {
        this.settings = settings;
        this.authorities = authorities;
    }

    /** Returns a client for readers, which sends a request once: the engine repeats it. */
    S3Client reading(Access access) throws IOException {
        return of(new Key(access, false));
    }

    /** Returns a client for publishers, which repeats requests. */
    S3Client publishing(Access access) throws IOException {
        return of(new Key(access, true));
    }

    private synchronized S3Client of(Key key) throws IOException {
        if (closed) {
            throw new IOException("the transport was stopped meanwhile");
        }
        S3Client client = made.get(key);
        if (client == null) {
            SdkHttpClient connections = http.get(key.access());
            if (connections == null) {
                connections = connections();
                http.put(key.access(), connections);
            }
            client = make(key, connections);
            made.put(key, client);
        }
        return client;
    }

    private SdkHttpClient connections() throws IOException {
        Duration idle = Duration.ofMillis(settings.idle_timeout_ms());
        Apache5HttpClient.Builder builder =
                Apache5HttpClient.builder()
                        .maxConnections(settings.connections())
                        .connectionTimeout(Duration.ofMillis(settings.connect_timeout_ms()))
                        .socketTimeout(Duration.ofMillis(settings.response_timeout_ms()))
                        // Whoever waits for a connection has a time limit of its own.
                        .connectionAcquisitionTimeout(
                                Duration.ofMillis(settings.publishing_timeout_ms()))
                        .connectionMaxIdleTime(idle)
                        .expectContinueEnabled(false)
                        .tcpKeepAlive(true);
        if (!authorities.isBlank()) {
            TrustManager[] trusted = Authorities.read(Path.of(authorities)).trustManagers();
            builder.tlsTrustManagersProvider(() -> trusted);
        }
        return builder.build();
    }

    private S3Client make(Key key, SdkHttpClient connections) {
        Access access = key.access();
        URI endpoint = access.endpoint();
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClient(connections)
                        .credentialsProvider(credentials(access))
                        .region(region(access))
                        .forcePathStyle(access.isByPath())
                        .crossRegionAccessEnabled(endpoint == null)
                        // Blocks are verified by their digests; uploads have their checksum in the
                        // head, which servers other than Amazon's understand or ignore.
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                        .overrideConfiguration(options -> set(options, key));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.build();
    }

    private void set(ClientOverrideConfiguration.Builder options, Key key) {
        options.addExecutionInterceptor(new Bounds())
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, "netloop")
                .retryStrategy(
                        key.retrying()
                                ? AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(settings.publishing_attempts())
                                        .build()
                                : AwsRetryStrategy.doNotRetry());
        if (key.access().requesterPays()) {
            options.putHeader("x-amz-request-payer", "requester");
        }
    }

    private static AwsCredentialsProvider credentials(Access access) {
        if (access.anonymous()) {
            return AnonymousCredentialsProvider.create();
        }
        return access.profile().isEmpty()
                ? DefaultCredentialsProvider.builder().build()
                : ProfileCredentialsProvider.create(access.profile());
    }

    /** The machine's metadata are not asked: where there are none, that takes seconds. */
    private static Region region(Access access) {
        if (!access.region().isEmpty()) {
            return Region.of(access.region());
        }
        try {
            AwsRegionProvider ofProfile =
                    access.profile().isEmpty()
                            ? new AwsProfileRegionProvider()
                            : new AwsProfileRegionProvider(
                                    ProfileFile::defaultProfileFile, access.profile());
            return new AwsRegionProviderChain(new SystemSettingsRegionProvider(), ofProfile)
                    .getRegion();
        } catch (SdkClientException _) {
            return Region.US_EAST_1; // said nowhere: from there, S3 tells where a bucket is
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        made.values().forEach(S3Client::close);
        made.clear();
        http.values().forEach(SdkHttpClient::close);
        http.clear();
    }
}
