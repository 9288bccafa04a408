package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Streams that were mutated, cut and made up: an answer or an end, within bounds. */
@Timeout(600)
class HostileClientTest {
    private static final int CASES = 100_000;
    private static final long SEED = 20_061_124;
    private static final int SIZE = 1 << 20;

    private final Export export =
            new Export("root", MemoryVolume.of("root", 4096, new byte[SIZE]), 0);

    private final Exports exports =
            new Exports() {
                @Override
                public @Nullable Export find(String name) {
                    return name.isEmpty() || name.equals("root") ? export : null;
                }

                @Override
                public List<Export> all() {
                    return List.of(export);
                }
            };

    /** A client whose words are all there already. */
    private static final class Script implements ByteChannel {
        private final ByteBuffer words;
        private long answered;

        Script(byte[] words) {
            this.words = ByteBuffer.wrap(words);
        }

        @Override
        public int read(ByteBuffer into) {
            if (!words.hasRemaining()) {
                return -1;
            }
            int count = Math.min(into.remaining(), words.remaining());
            into.put(words.slice(words.position(), count));
            words.position(words.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = from.remaining();
            answered += count;
            from.position(from.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Modes of TLS, which is no TLS: what is said inside it is parsed alike. */
    private record Pretended(TlsMode mode, Script script, Exports exports) implements Encryption {
        @Override
        public Secured secure() {
            return new Secured(script, exports);
        }
    }

    private TlsMode mode = TlsMode.OFF;

    private Handshake handshake(Script script) {
        Encryption encryption = new Pretended(mode, script, exports);
        return new Handshake(script, exports, encryption, _ -> Handshake.Entry.ENTERED);
    }

    private static byte[] handshake() {
        byte[] name = TestClient.nameAndInfos("root");
        byte[] context = MetaContext.ALLOCATION.text().getBytes(UTF_8);
        ByteBuffer words = ByteBuffer.allocate(500);
        words.putInt(Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_STARTTLS).putInt(0);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_STRUCTURED_REPLY).putInt(0);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_LIST).putInt(0);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_EXTENDED_HEADERS).putInt(0);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_SET_META_CONTEXT);
        words.putInt(16 + context.length).putInt(4).put("root".getBytes(UTF_8));
        words.putInt(1).putInt(context.length).put(context);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_INFO).putInt(name.length).put(name);
        words.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_GO).putInt(name.length).put(name);
        return Arrays.copyOf(words.array(), words.position());
    }

    private static byte[] extended(Random random) {
        ByteBuffer words = ByteBuffer.allocate(20 * (Nbd.EXTENDED_REQUEST_LENGTH + 12));
        for (int i = 0; i < 19; i++) {
            words.putInt(Nbd.EXTENDED_REQUEST_MAGIC);
            boolean payload = random.nextInt(4) == 0;
            int flags = random.nextInt(16) | (payload ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
            int type = payload ? Nbd.CMD_BLOCK_STATUS : random.nextInt(9);
            words.putShort((short) flags).putShort((short) type).putLong(i);
            words.putLong(random.nextInt(SIZE)).putLong(payload ? 12 : 1 + random.nextInt(2000));
            if (payload) {
                words.putLong(random.nextInt(SIZE)).putInt(random.nextInt(3));
            }
        }
        words.putInt(Nbd.EXTENDED_REQUEST_MAGIC).putShort((short) 0);
        words.putShort((short) Nbd.CMD_DISC).putLong(0).putLong(0).putLong(0);
        return Arrays.copyOf(words.array(), words.position());
    }

    private static byte[] transmission(Random random) {
        ByteBuffer words = ByteBuffer.allocate(20 * Nbd.REQUEST_LENGTH);
        for (int i = 0; i < 19; i++) {
            words.putInt(Nbd.REQUEST_MAGIC);
            words.putShort((short) random.nextInt(16)).putShort((short) random.nextInt(9));
            words.putLong(i).putLong(random.nextInt(SIZE)).putInt(1 + random.nextInt(2000));
        }
        words.putInt(Nbd.REQUEST_MAGIC).putShort((short) 0).putShort((short) Nbd.CMD_DISC);
        return words.array();
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bad =
                random.nextInt(4) == 0
                        ? Arrays.copyOf(good, random.nextInt(good.length))
                        : good.clone();
        for (int flips = random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
            bad[random.nextInt(bad.length)] =
                    switch (random.nextInt(4)) {
                        case 0 -> (byte) 0xFF;
                        case 1 -> (byte) 0x7F;
                        default -> (byte) random.nextInt(256);
                    };
        }
        return bad;
    }

    @Test
    void aMutatedHandshakeEndsWithASessionOrAnError() throws Exception {
        Random random = new Random(SEED);
        byte[] good = handshake();
        for (TlsMode each : TlsMode.values()) {
            mode = each;
            assertThat(handshake(new Script(good)).negotiate()).isNotNull();
        }
        int refused = 0;
        for (int round = 0; round < CASES; round++) {
            Script script = new Script(mutated(good, random));
            mode = TlsMode.values()[round % TlsMode.values().length];
            try {
                handshake(script).negotiate();
            } catch (IOException _) {
                refused++;
            }
            assertThat(script.answered).isLessThan(100_000);
        }
        assertThat(refused).isGreaterThan(CASES / 10);
    }

    @Test
    void aMutatedTransmissionEndsWithRepliesOrAnError() throws Exception {
        Random random = new Random(SEED);
        Memory memory = new Memory(64 << 20, 256);
        int refused = 0;
        for (int round = 0; round < CASES / 10; round++) {
            boolean extended = round % 2 == 0;
            byte[] good = extended ? extended(random) : transmission(random);
            Framing framing = extended ? Framing.EXTENDED : Framing.STRUCTURED;
            refused += serve(mutated(good, random), framing, memory) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private boolean serve(byte[] words, Framing framing, Memory memory)
            throws InterruptedException {
        Script script = new Script(words);
        Handshake.Session session =
                new Handshake.Session(export, framing, Set.of(MetaContext.ALLOCATION));
        InFlight inFlight = new InFlight(new Semaphore(InFlight.COMMON));
        ByteBuffer in = ByteBuffer.allocate(16 << 10);
        Lane lane = new Lane(script, memory, System::nanoTime);
        try {
            new Transmission(script, in, session, lane, memory, inFlight).serve();
            return true;
        } catch (IOException _) {
            return false;
        } finally {
            inFlight.finish(Duration.ofSeconds(10));
            lane.close();
        }
    }

    /** The parser of requests alone, as often as the handshake's. */
    @Test
    void aRequestOfAnyBytesIsTakenOrRefused() {
        Random random = new Random(SEED);
        byte[] bytes = new byte[Nbd.EXTENDED_REQUEST_LENGTH];
        Request request = new Request();
        for (int round = 0; round < CASES; round++) {
            random.nextBytes(bytes);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Framing framing = round % 2 == 0 ? Framing.EXTENDED : Framing.STRUCTURED;
            int magic =
                    framing == Framing.EXTENDED ? Nbd.EXTENDED_REQUEST_MAGIC : Nbd.REQUEST_MAGIC;
            if (random.nextInt(8) != 0) {
                in.putInt(0, magic);
            }
            if (random.nextBoolean()) {
                in.putInt(in.limit() - 8, 0);
            }
            try {
                request.read(in, framing);
                assertThat(in.position()).isEqualTo(framing.requestLength());
                assertThat(request.payload).isBetween(0L, (long) Nbd.MAX_REQUEST);
                boolean expected =
                        request.offset >= 0
                                && request.length >= 0
                                && request.offset <= SIZE
                                && request.length <= SIZE - request.offset;
                assertThat(request.isWithin(SIZE)).isEqualTo(expected);
            } catch (ProtocolException _) {
                boolean followed =
                        framing == Framing.EXTENDED
                                ? (in.getShort(4) & Nbd.CMD_FLAG_PAYLOAD_LEN) != 0
                                : in.getShort(6) == Nbd.CMD_WRITE;
                assertThat(in.getInt(0) != magic || followed).isTrue();
            }
        }
    }
}
