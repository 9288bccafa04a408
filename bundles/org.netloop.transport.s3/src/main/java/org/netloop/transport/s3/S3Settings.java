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
                    "http(s)://host[:port] of a server that speaks S3; empty for what"
                            + " AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL says, and else Amazon's")
    String endpoint() default "";

    @AttributeDefinition(
            name = "Region",
            required = false,
            description =
                    "Empty for what AWS_REGION or the profile says, and else us-east-1; Amazon's"
                            + " buckets are found wherever they are")
    String region() default "";

    @AttributeDefinition(
            name = "Addressing",
            options = {@Option("auto"), @Option("path"), @Option("virtual")},
            description =
                    "path: https://host/bucket/key; virtual: https://bucket.host/key; auto: path at"
                            + " an endpoint of one's own, virtual at Amazon's")
    String addressing() default "auto";

    @AttributeDefinition(
            name = "Profile",
            required = false,
            description =
                    "The profile of ~/.aws/credentials and ~/.aws/config whose keys are used;"
                            + " empty for the SDK's whole chain")
    String profile() default "";

    @AttributeDefinition(
            name = "Anonymous",
            description =
                    "Ask without keys, as public buckets allow; NETLOOP_S3_ANONYMOUS=true does the"
                            + " same")
    boolean anonymous() default false;

    @AttributeDefinition(
            name = "Requester pays",
            description =
                    "Agree to pay for what is fetched from a bucket that asks for it;"
                            + " NETLOOP_S3_REQUESTER_PAYS=true does the same")
    boolean requester_pays() default false;

    @AttributeDefinition(
            name = "Buckets",
            required = false,
            description =
                    "What is different for one bucket, each 'bucket key=value ...' with the keys"
                            + " endpoint, region, addressing, profile, anonymous, requester.pays")
    String[] buckets() default {};

    @AttributeDefinition(
            name = "Connections",
            min = "1",
            max = "1024",
            description = "How many requests are under way at a time, over all buckets")
    int connections() default 32;

    @AttributeDefinition(
            name = "Connect timeout (ms)",
            min = "1",
            description = "How long a connection may take to open")
    int connect_timeout_ms() default 3_000;

    @AttributeDefinition(
            name = "Response timeout (ms)",
            min = "1",
            description =
                    "How long a server may say nothing, before its answer or in the middle of it")
    int response_timeout_ms() default 10_000;

    @AttributeDefinition(
            name = "Idle timeout (ms)",
            min = "1",
            description = "How long a connection is kept that nobody uses")
    int idle_timeout_ms() default 20_000;

    @AttributeDefinition(
            name = "Publishing attempts",
            min = "1",
            max = "20",
            description =
                    "How often a request of a publisher is made at most, with growing pauses; what"
                            + " readers ask for is asked once, as the engine repeats it by itself")
    int publishing_attempts() default 6;

    @AttributeDefinition(
            name = "Publishing timeout (ms)",
            min = "1",
            description = "How long one request of a publisher may take with all its attempts")
    int publishing_timeout_ms() default 120_000;

    @AttributeDefinition(
            name = "Authorities",
            required = false,
            description =
                    "A PEM file of certificates that vouch for servers, instead of the JDK's;"
                            + " empty for what AWS_CA_BUNDLE says")
    String ca_file() default "";
}
