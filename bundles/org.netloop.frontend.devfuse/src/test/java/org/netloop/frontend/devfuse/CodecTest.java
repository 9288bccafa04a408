package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.netloop.tck.MemoryVolume;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tests the structures of the protocol without a kernel, against random and cut requests. */
class CodecTest {
    private static final int MOST = 8192;
    private static final int ROUNDS = 20_000;

    private final Arena arena = Arena.ofConfined();
    private final Request request = new Request(arena, MOST);
    private final Random random = new Random(7);

    @AfterEach
    void free() {
        arena.close();
    }

    private void write(int length, int opcode, long node) {
        MemorySegment bytes = request.buffer();
        bytes.set(JAVA_INT, 0, length);
        bytes.set(JAVA_INT, 4, opcode);
        bytes.set(JAVA_LONG, 8, 4711L | Request.RESENT);
        bytes.set(JAVA_LONG, 16, node);
        bytes.set(JAVA_INT, 32, 99);
    }

    @Test
    void theHeaderIsRead() {
        write(40, Request.STATFS, 77);
        assertThat(request.take(40)).isTrue();
        assertThat(request.isWhole()).isTrue();
        assertThat(request.opcode()).isEqualTo(Request.STATFS);
        assertThat(request.unique()).isEqualTo(4711L | Request.RESENT);
        assertThat(request.node()).isEqualTo(77);
        assertThat(request.thread()).isEqualTo(99);
    }

    @Test
    void whatIsCutIsNoRequest() {
        write(40, Request.STATFS, 1);
        for (long length : new long[] {-1, 0, 1, 39, 41, MOST + 1L}) {
            assertThat(request.take(length)).isFalse();
        }
        write(39, Request.STATFS, 1);
        assertThat(request.take(39)).isFalse();
    }

    /** Nothing is read outside of what was received, whatever it is. */
    @Test
    void anyBytesAreReadWithinTheirBounds() {
        for (int round = 0; round < ROUNDS; round++) {
            int length = 40 + random.nextInt(120);
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            MemorySegment.copy(noise, 0, request.buffer(), JAVA_BYTE, 0, length);
            write(length, random.nextInt(64), random.nextLong());
            assertThat(request.take(length)).isTrue();
            boolean whole = request.isWhole();
            String name = request.name();
            assertThat(name == null || name.length() < length - 40).isTrue();
            if (whole && request.opcode() == Request.WRITE) {
                assertThat(request.size()).isBetween(0, length - Request.DATA);
                assertThat(request.data(request.size()).byteSize()).isEqualTo(request.size());
            }
            Request copy = request.copy();
            assertThat(copy.isWhole()).isEqualTo(whole);
            assertThat(copy.offset()).isEqualTo(request.offset());
            assertThat(copy.number(length - 40 - 7)).isZero();
        }
    }

    @Test
    void aWriteThatSaysMoreThanItBringsIsNotWhole() {
        write(Request.DATA + 10, Request.WRITE, 5);
        request.buffer().set(JAVA_INT, 56, 11);
        assertThat(request.take(Request.DATA + 10)).isTrue();
        assertThat(request.isWhole()).isFalse();
        request.buffer().set(JAVA_INT, 56, -1);
        assertThat(request.isWhole()).isFalse();
        request.buffer().set(JAVA_INT, 56, 10);
        assertThat(request.isWhole()).isTrue();
    }

    @Test
    void aNameThatDoesNotEndIsNone() {
        write(45, Request.LOOKUP, 1);
        request.buffer().asSlice(40, 5).copyFrom(MemorySegment.ofArray("a.img".getBytes()));
        assertThat(request.take(45)).isTrue();
        assertThat(request.name()).isNull();
        write(46, Request.LOOKUP, 1);
        request.buffer().set(JAVA_BYTE, 45, (byte) 0);
        assertThat(request.take(46)).isTrue();
        assertThat(request.name()).isEqualTo("a.img");
    }

    @Test
    void onlyWhatTheKernelCanIsAgreed() {
        write(104, Request.INIT, 0);
        MemorySegment bytes = request.buffer();
        bytes.set(JAVA_INT, 40, 7);
        bytes.set(JAVA_INT, 44, 31);
        bytes.set(JAVA_INT, 48, 131072);
        bytes.set(JAVA_INT, 52, 1 | 1 << 15);
        assertThat(request.take(104)).isTrue();
        Negotiation old = Negotiation.of(request);
        assertThat(old.isKnown()).isTrue();
        assertThat(old.resends()).isFalse();
        MemorySegment fields = arena.allocate(Negotiation.LENGTH, 8);
        old.answer(fields, false);
        assertThat(fields.get(JAVA_INT, 4)).isEqualTo(31);
        assertThat(fields.get(JAVA_INT, 12)).isEqualTo(1 | 1 << 15);
        assertThat(fields.get(JAVA_INT, 20)).isEqualTo(4096);

        bytes.set(JAVA_INT, 44, 99);
        bytes.set(JAVA_INT, 52, -1);
        bytes.set(JAVA_INT, 56, -1);
        Negotiation fresh = Negotiation.of(request);
        assertThat(fresh.resends()).isTrue();
        fresh.answer(fields.fill((byte) 0), true);
        assertThat(fields.get(JAVA_INT, 4)).isEqualTo(45);
        assertThat(fields.get(JAVA_INT, 20)).isEqualTo(1 << 20);
        assertThat(fields.get(JAVA_SHORT, 28)).isEqualTo((short) 256);
        assertThat(new Negotiation(7, 22, 0, 0).isKnown()).isFalse();
        assertThat(new Negotiation(6, 99, 0, 0).isKnown()).isFalse();
    }

    /** Listings of any room have each entry once, in order, whole. */
    @Test
    void entriesOfAListingAreWholeWhateverTheRoom() {
        Node node = Node.Folder.of("x");
        for (int round = 0; round < 2_000; round++) {
            int room = random.nextInt(600);
            MemorySegment into = arena.allocate(600, 8).fill((byte) 0xFF).asSlice(0, room);
            int at = 0;
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String name = "n".repeat(1 + random.nextInt(60));
                int next = Fields.dirent(into, at, node, name, i);
                if (next == at) {
                    break;
                }
                names.add(name);
                at = next;
            }
            assertThat(at).isLessThanOrEqualTo(room);
            assertThat(names(into, at)).isEqualTo(names);
        }
    }

    private static List<String> names(MemorySegment listing, int length) {
        List<String> names = new ArrayList<>();
        for (long at = 0; at < length; ) {
            int count = listing.get(JAVA_INT, at + 16);
            names.add(
                    new String(
                            listing.asSlice(at + 24, count).toArray(JAVA_BYTE),
                            StandardCharsets.UTF_8));
            at += 24 + count + 7 & ~7L;
        }
        return names;
    }

    @Test
    void anEntryHasTheNumberOfItsContent() {
        MemoryVolume one = MemoryVolume.generated("root", 5000, 4096, _ -> false);
        MemoryVolume other = MemoryVolume.generated("root", 5001, 4096, _ -> false);
        Node.Image image = Node.Image.of("root", one);
        assertThat(Node.Image.of("root", one).id()).isEqualTo(image.id());
        assertThat(Node.Image.of("root", other).id()).isNotEqualTo(image.id());
        assertThat(Node.Image.of("x", one).id()).isNotEqualTo(image.id());

        MemorySegment at = arena.allocate(Fields.ENTRY, 8);
        new Fields(10, 20).entry(at, image);
        assertThat(at.get(JAVA_LONG, 0)).isEqualTo(image.id());
        assertThat(at.get(JAVA_LONG, 40 + 8)).isEqualTo(5000);
        assertThat(at.get(JAVA_LONG, 40 + 16)).isEqualTo(10);
        assertThat(at.get(JAVA_INT, 40 + 60)).isEqualTo(0100444);
        assertThat(at.get(JAVA_INT, 40 + 68)).isEqualTo(10);
        assertThat(at.get(JAVA_INT, 40 + 72)).isEqualTo(20);
    }
}
