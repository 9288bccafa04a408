package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.Repository.Kind;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

import java.nio.ByteBuffer;

/**
 * An object to be stored, with the checksum that S3 compares with what arrives.
 *
 * @param bytes the remaining bytes; neither they nor the position change
 */
record Upload(Location object, ByteBuffer bytes, Kind kind) {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";
    private static final String ANY = "*";

    Upload {
        bytes = bytes.slice();
    }

    /** Tells what became of a conditional request. */
    enum Outcome {
        /** The object was absent, and is stored. */
        STORED,
        /** There is an object of that name, or another client is about to store one. */
        PRESENT,
        /** The server has no such condition, or refuses the request for another reason. */
        NOT_UNDERSTOOD
    }

    /** Stores it, replacing what is there. */
    PutObjectResponse send(S3Client client) {
        return send(client, null);
    }

    /**
     * Stores it unless there is an object of that name. A server that ignores the condition
     * replaces what is there.
     */
    Outcome sendIfAbsent(S3Client client) {
        try {
            send(client, ANY);
            return Outcome.STORED;
        } catch (AwsServiceException e) {
            return switch (e.statusCode()) {
                case 409, 412 -> Outcome.PRESENT;
                case 400, 501 -> Outcome.NOT_UNDERSTOOD;
                default -> throw e;
            };
        }
    }

    private PutObjectResponse send(S3Client client, @Nullable String unlessThereIs) {
        PutObjectRequest request =
                PutObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .ifNoneMatch(unlessThereIs)
                        .checksumSHA256(StoredObject.sha256(bytes))
                        .cacheControl(
                                switch (kind) {
                                    case BLOCK, DOCUMENT -> FOR_EVER;
                                    case POINTER -> ASK_AGAIN;
                                })
                        .build();
        String type =
                object.key().endsWith(".json") ? "application/json" : "application/octet-stream";
        return client.putObject(
                request,
                RequestBody.fromContentProvider(
                        () -> new BufferStream(bytes.duplicate()), bytes.remaining(), type));
    }
}
