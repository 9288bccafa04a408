package org.netloop.api.trust;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scheme whose signatures prove nothing: a digest of key and message. */
final class FakeSigner implements Signer {
    private static final String SECRET = "fake secret ";
    private static final int ID_LENGTH = 8;

    /** Passphrases that keys were read with. */
    final List<String> passphrases = new ArrayList<>();

    private record Key(String id) implements SecretKey {
        @Override
        public PublicKey publicKey() {
            return new PublicKey("fake", id, "fake public " + id);
        }

        @Override
        public ByteBuffer sign(ByteBuffer message) {
            return signature(id, message);
        }

        @Override
        public void close() {}
    }

    static SecretKey secret(String id) {
        return new Key(id);
    }

    private static ByteBuffer signature(String id, ByteBuffer message) {
        ByteBuffer both = ByteBuffer.allocate(ID_LENGTH + message.remaining());
        both.put(ascii(id)).put(message.duplicate()).flip();
        return ByteBuffer.wrap(Digest.of(DigestAlgorithm.SHA256, both).bytes());
    }

    private static byte[] ascii(String id) {
        return "%8s".formatted(id).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String scheme() {
        return "fake";
    }

    @Override
    public Optional<PublicKey> key(String text) {
        return Optional.empty();
    }

    @Override
    public Envelope open(String name, ByteBuffer bytes) throws FetchException.Corrupt {
        ByteBuffer in = bytes.duplicate();
        int count = in.hasRemaining() ? in.get() : -1;
        if (count < 1 || in.remaining() < count * (ID_LENGTH + 32)) {
            throw new FetchException.Corrupt(name + " is not sealed");
        }
        List<Envelope.Signature> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] id = new byte[ID_LENGTH];
            byte[] signature = new byte[32];
            in.get(id).get(signature);
            String key = new String(id, StandardCharsets.US_ASCII).strip();
            signatures.add(new Envelope.Signature(key, ByteBuffer.wrap(signature)));
        }
        return new Envelope(signatures, in.slice());
    }

    @Override
    public boolean verifies(PublicKey key, Envelope.Signature signature, ByteBuffer message) {
        return signature(key.id(), message).equals(signature.bytes());
    }

    @Override
    public KeyFiles create(String comment, char @Nullable [] passphrase) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SecretKey read(String name, String text, Passphrase passphrase) throws IOException {
        if (!text.startsWith(SECRET)) {
            throw new IOException(name + " is not a secret key of fake");
        }
        passphrases.add(new String(passphrase.ask(name)));
        return secret(text.substring(SECRET.length()));
    }

    @Override
    public ByteBuffer seal(Envelope envelope) {
        ByteBuffer message = envelope.message();
        int count = envelope.signatures().size();
        ByteBuffer out = ByteBuffer.allocate(1 + count * (ID_LENGTH + 32) + message.remaining());
        out.put((byte) count);
        for (Envelope.Signature signature : envelope.signatures()) {
            out.put(ascii(signature.keyId())).put(signature.bytes());
        }
        return out.put(message).flip();
    }
}
