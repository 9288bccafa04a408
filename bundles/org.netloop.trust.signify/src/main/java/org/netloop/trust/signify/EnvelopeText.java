package org.netloop.trust.signify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.Verifier;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Signatures and their message in one file. With one signature it is signify's own form ({@code
 * signify -S -e}); each further one adds two lines before the message. Stateless.
 *
 * <pre>
 * untrusted comment: verify with key 9fec5fedbaf98a1c
 * RWSf7F/tuvmKHP8yFqTf…
 * the message
 * </pre>
 */
final class EnvelopeText {
    private static final int LONGEST_LINE = KeyText.COMMENT.length() + KeyText.LONGEST_COMMENT + 24;

    private EnvelopeText() {}

    static ByteBuffer write(Envelope envelope) {
        StringBuilder head = new StringBuilder();
        for (Envelope.Signature signature : envelope.signatures()) {
            byte[] value = new byte[signature.bytes().remaining()];
            signature.bytes().get(value);
            head.append(KeyText.write("verify with key " + signature.keyId(), value));
        }
        byte[] lines = head.toString().getBytes(US_ASCII);
        ByteBuffer message = envelope.message();
        return ByteBuffer.allocate(lines.length + message.remaining())
                .put(lines)
                .put(message)
                .flip();
    }

    static Envelope read(String name, ByteBuffer file) throws FetchException.Corrupt {
        ByteBuffer rest = file.slice();
        List<Envelope.Signature> signatures = new ArrayList<>();
        while (signatures.isEmpty() || startsWithComment(rest)) {
            if (signatures.size() == Verifier.MAX_SIGNATURES) {
                throw new FetchException.Corrupt(
                        name + " has more than " + Verifier.MAX_SIGNATURES + " signatures");
            }
            if (!line(name, rest).startsWith(KeyText.COMMENT)) {
                throw new FetchException.Corrupt(
                        name + " does not begin with '" + KeyText.COMMENT + "'");
            }
            signatures.add(signature(name, line(name, rest)));
        }
        return new Envelope(signatures, rest.slice());
    }

    private static Envelope.Signature signature(String name, String line)
            throws FetchException.Corrupt {
        byte[] value =
                KeyText.decode(line, Signify.SIGNATURE)
                        .filter(Signify::isEd25519)
                        .orElseThrow(
                                () ->
                                        new FetchException.Corrupt(
                                                name + " has a signature that is not signify's"));
        String id =
                HexFormat.of()
                        .formatHex(
                                value,
                                Signify.ALGORITHM_LENGTH,
                                Signify.ALGORITHM_LENGTH + Signify.NUMBER);
        return new Envelope.Signature(id, ByteBuffer.wrap(value));
    }

    private static boolean startsWithComment(ByteBuffer rest) {
        int length = KeyText.COMMENT.length();
        return rest.remaining() >= length
                && rest.slice(rest.position(), length)
                        .equals(ByteBuffer.wrap(KeyText.COMMENT.getBytes(US_ASCII)));
    }

    private static String line(String name, ByteBuffer rest) throws FetchException.Corrupt {
        int start = rest.position();
        int limit = Math.min(rest.limit(), start + LONGEST_LINE);
        for (int at = start; at < limit; at++) {
            if (rest.get(at) == '\n') {
                String line = UTF_8.decode(rest.slice(start, at - start)).toString();
                rest.position(at + 1);
                return line;
            }
        }
        throw new FetchException.Corrupt(
                name + " has no line that ends within " + LONGEST_LINE + " bytes");
    }
}
