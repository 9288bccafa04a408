package org.netloop.transport.s3;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of the transport. There are no keys among them: those are found by the SDK. */
@ObjectClassDefinition(
        name = "S3 transport",
        description =
                "Repositories in buckets. Keys are found where the AWS SDK looks for them: the"
                        + " environment, ~/.aws, the role of the container or the machine")
@interface S3Settings {
    @AttributeDefinition(
            name = "Endpoint",
            required = false,
            description =
                    "http(s)://host[:port] of an S3 server. Empty: AWS_ENDPOINT_URL_S3 or"
                            + " AWS_ENDPOINT_URL, else Amazon's")
    String endpoint() default "";

    @AttributeDefinition(
            name = "Region",
            required = false,
            description =
                    "Region. Empty: AWS_REGION or the profile's, else us-east-1; Amazon's"
                            + " buckets are found in any region")
    String region() default "";

    @AttributeDefinition(
            name = "Addressing",
            options = {@Option("auto"), @Option("path"), @Option("virtual")},
            description =
                    "path: https://host/bucket/key; virtual: https://bucket.host/key;"
                            + " auto: virtual at Amazon, path at a configured endpoint")
    String addressing() default "auto";

    @AttributeDefinition(
            name = "Profile",
            required = false,
            description =
                    "Profile in ~/.aws/credentials and ~/.aws/config whose keys are used."
                            + " Empty: the SDK's whole chain")
    String profile() default "";

    @AttributeDefinition(
            name = "Anonymous",
            description =
                    "Send requests without keys, as public buckets allow;"
                            + " NETLOOP_S3_ANONYMOUS=true does the same")
    boolean anonymous() default false;

    @AttributeDefinition(
            name = "Requester pays",
            description =
                    "Agree to pay for fetches from requester-pays buckets;"
                            + " NETLOOP_S3_REQUESTER_PAYS=true does the same")
    boolean requester_pays() default false;

    @AttributeDefinition(
            name = "Buckets",
            required = false,
            description =
                    "Settings of single buckets, each 'bucket key=value ...' with the keys"
                            + " endpoint, region, addressing, profile, anonymous, requester.pays")
    String[] buckets() default {};

    @AttributeDefinition(
            name = "Connections",
            min = "1",
            max = "1024",
            description = "Most requests at a time over all buckets with the same access")
    int connections() default 32;

    @AttributeDefinition(
            name = "Connect timeout (ms)",
            min = "1",
            description = "Time limit for opening a connection, in ms")
    int connect_timeout_ms() default 3_000;

    @AttributeDefinition(
            name = "Response timeout (ms)",
            min = "1",
            description = "Longest silence of a server before or during its answer, in ms")
    int response_timeout_ms() default 10_000;

    @AttributeDefinition(
            name = "Idle timeout (ms)",
            min = "1",
            description = "How long an idle connection is kept, in ms")
    int idle_timeout_ms() default 20_000;

    @AttributeDefinition(
            name = "Publishing attempts",
            min = "1",
            max = "20",
            description =
                    "Most attempts of a publisher's request, with growing pauses; readers'"
                            + " requests are sent once, because the engine repeats them")
    int publishing_attempts() default 6;

    @AttributeDefinition(
            name = "Publishing timeout (ms)",
            min = "1",
            description = "Time limit for a publisher's request with all its attempts, in ms")
    int publishing_timeout_ms() default 120_000;

    @AttributeDefinition(
            name = "Authorities",
            required = false,
            description =
                    "PEM file of certificate authorities, in place of the JDK's. Empty:"
                            + " the file that AWS_CA_BUNDLE names")
    String ca_file() default "";
}
