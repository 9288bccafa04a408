package org.netloop.transport.s3;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Maps an error of S3 or an I/O failure to the fetcher's failure: the one table of this transport.
 * What the SDK threw is not handed on as a cause: its text is the server's, and may tell of keys.
 */
final class Failures {
    private static final long LONGEST_RETRY_AFTER_S = 3_600;

    private Failures() {}

    static FetchException of(Location location, Access access, Throwable failure) {
        String where = location + " at " + access.where();
        FetchException known = find(FetchException.class, failure);
        if (known != null) {
            return known;
        }
        AwsServiceException answer = find(AwsServiceException.class, failure);
        if (answer != null) {
            return ofAnswer(where, location, access, answer);
        }
        IOException io = find(IOException.class, failure);
        if (io != null) {
            return ofIo(where, io);
        }
        SdkClientException ofSdk = find(SdkClientException.class, failure);
        if (ofSdk != null && isOfKeys(ofSdk)) {
            return new Denied(
                    where
                            + ": no keys were found"
                            + (access.profile().isEmpty()
                                    ? ""
                                    : " in the profile " + access.profile())
                            + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile,"
                            + " or, if the bucket is public, set NETLOOP_S3_ANONYMOUS=true");
        }
        return new Unavailable(where + " cannot be asked: " + text(failure), null);
    }

    /** The SDK has no type for it. */
    private static boolean isOfKeys(SdkClientException failure) {
        return String.valueOf(failure.getMessage()).contains("redentials");
    }

    private static String text(Throwable failure) {
        return org.netloop.api.message.Failures.sentence(
                failure.getCause() == null ? failure : failure.getCause());
    }

    private static FetchException ofAnswer(
            String where, Location location, Access access, AwsServiceException e) {
        String code = code(e);
        String said = where + " answers " + e.statusCode() + (code.isEmpty() ? "" : " " + code);
        return switch (code) {
            case "InvalidAccessKeyId", "InvalidToken", "InvalidSecurity", "NotSignedUp" ->
                    new Denied(said + ": the access key is not known there");
            case "SignatureDoesNotMatch" ->
                    new Denied(
                            said
                                    + ": the secret key is wrong, or something on the way changes"
                                    + " requests");
            case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" ->
                    new Unavailable(
                            said + ": the clock of this machine, or of the server, is wrong", null);
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                    new Unavailable(
                            said + ": the session's token has expired, and there is no newer one",
                            null);
            case "NoSuchBucket" ->
                    new Missing(
                            said
                                    + ": there is no bucket "
                                    + location.bucket()
                                    + "; make it, or check its name and the endpoint");
            case "InvalidObjectState" ->
                    new Missing(said + ": it is archived, and must be restored first");
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" ->
                    otherRegion(said, access);
            case "RequestTimeout", "OperationAborted", "SlowDown", "Throttling" ->
                    new Unavailable(said, null, retryAfter(e));
            case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch" ->
                    new Unavailable(said + ": it was damaged on its way", null);
            default -> ofStatus(said, access, e);
        };
    }

    private static Denied otherRegion(String said, Access access) {
        String region = access.region().isEmpty() ? "the one configured" : access.region();
        return new Denied(said + ": the bucket is in another region than " + region);
    }

    private static FetchException ofStatus(String said, Access access, AwsServiceException e) {
        int status = e.statusCode();
        if (status >= 500 || status == 408 || status == 425 || status == 429) {
            return new Unavailable(said, null, retryAfter(e));
        }
        return switch (status) {
            case 401, 403, 407 ->
                    new Denied(
                            said
                                    + (access.anonymous()
                                            ? ": it may not be had without keys"
                                            : ": these keys do not allow it, or it is not there"
                                                    + " and they do not allow to list the"
                                                    + " bucket"));
            case 416 -> new Corrupt(said + ": it is shorter than the index says");
            default -> new Missing(said);
        };
    }

    /** Returns the server's error code, if it looks like a name. */
    private static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code != null && code.matches("[A-Za-z0-9]{1,64}") ? code : "";
    }

    private static @Nullable Duration retryAfter(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null || details.sdkHttpResponse() == null) {
            return null;
        }
        return details.sdkHttpResponse()
                .firstMatchingHeader("Retry-After")
                .map(String::strip)
                .filter(said -> said.matches("[0-9]{1,9}"))
                .map(said -> Math.min(LONGEST_RETRY_AFTER_S, Long.parseLong(said)))
                .map(Duration::ofSeconds)
                .orElse(null);
    }

    /**
     * Returns whether the server refused the request because of its time stamp; the SDK has
     * adjusted its clock by now.
     */
    static boolean isOfClock(Throwable failure) {
        AwsServiceException answer = find(AwsServiceException.class, failure);
        return answer != null && answer.isClockSkewException();
    }

    /** Returns whether a refusal carries nothing but its status, like one of HEAD. */
    static boolean isUnexplained(Throwable failure) {
        AwsServiceException answer = find(AwsServiceException.class, failure);
        return answer != null
                && answer.statusCode() / 100 == 4
                && answer.statusCode() != 404
                && code(answer).isEmpty();
    }

    /** Returns whether the object still has the tag that the request knew. */
    static boolean isOfUnchanged(Throwable failure) {
        AwsServiceException answer = find(AwsServiceException.class, failure);
        return answer != null && answer.statusCode() == 304;
    }

    /** Returns whether S3 reports that the object does not exist. */
    static boolean isOfAbsence(Throwable failure) {
        AwsServiceException answer = find(AwsServiceException.class, failure);
        return answer != null && answer.statusCode() == 404 && !code(answer).equals("NoSuchBucket");
    }

    /**
     * Returns whether a reused connection fails like this when the server closed it before the
     * request arrived.
     */
    static boolean isOfStaleConnection(Throwable failure) {
        IOException io = find(IOException.class, failure);
        return io instanceof NoHttpResponseException
                || io instanceof ConnectionClosedException
                || (io instanceof SocketException
                        && !(io instanceof ConnectException)
                        && !(io instanceof NoRouteToHostException));
    }

    private static FetchException ofIo(String where, IOException failure) {
        return switch (failure) {
            case ConnectException e -> new Unavailable(where + ": the host refuses connections", e);
            case SocketTimeoutException e -> new Unavailable(where + ": no answer in time", e);
            case NoHttpResponseException e ->
                    new Unavailable(where + ": the connection was closed without an answer", e);
            default ->
                    new Unavailable(
                            where + ": " + org.netloop.api.message.Failures.sentence(failure),
                            failure);
        };
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
