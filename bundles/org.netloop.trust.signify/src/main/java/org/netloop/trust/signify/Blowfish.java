package org.netloop.trust.signify;

import java.math.BigInteger;

/**
 * The block cipher Blowfish with bcrypt's key schedule, in which the salt is mixed into the state:
 * the JDK has the cipher, but not this schedule. Its constants are the digits of pi. Used by one
 * thread.
 */
final class Blowfish {
    private static final int ROUNDS = 16;
    private static final int SUBKEYS = ROUNDS + 2;
    private static final int BOX = 256;
    private static final int BOXES = 4;
    private static final int[] PI = fractionOfPi(SUBKEYS + BOXES * BOX);
    private static final int BYTE = 0xff;

    /** The subkeys, then the four boxes. */
    private final int[] state = PI.clone();

    /** Mixes a key and a salt into the state. */
    void expand(byte[] key, byte[] salt) {
        Cycle words = new Cycle(salt);
        mixIn(key);
        int[] block = new int[2];
        for (int at = 0; at < state.length; at += 2) {
            block[0] ^= words.next();
            block[1] ^= words.next();
            encrypt(block, 0);
            state[at] = block[0];
            state[at + 1] = block[1];
        }
    }

    /** Mixes a key into the state. */
    void expand(byte[] key) {
        mixIn(key);
        int[] block = new int[2];
        for (int at = 0; at < state.length; at += 2) {
            encrypt(block, 0);
            state[at] = block[0];
            state[at + 1] = block[1];
        }
    }

    private void mixIn(byte[] key) {
        Cycle words = new Cycle(key);
        for (int i = 0; i < SUBKEYS; i++) {
            state[i] ^= words.next();
        }
    }

    /** Encrypts two words in place. */
    void encrypt(int[] words, int at) {
        int left = words[at];
        int right = words[at + 1];
        for (int round = 0; round < ROUNDS; round += 2) {
            left ^= state[round];
            right ^= mix(left);
            right ^= state[round + 1];
            left ^= mix(right);
        }
        words[at] = right ^ state[ROUNDS + 1];
        words[at + 1] = left ^ state[ROUNDS];
    }

    private int mix(int x) {
        int a = state[SUBKEYS + (x >>> 24)];
        int b = state[SUBKEYS + BOX + (x >>> 16 & BYTE)];
        int c = state[SUBKEYS + 2 * BOX + (x >>> 8 & BYTE)];
        int d = state[SUBKEYS + 3 * BOX + (x & BYTE)];
        return (a + b ^ c) + d;
    }

    /** The words of some bytes, again and again. */
    private static final class Cycle {
        private final byte[] bytes;
        private int at;

        Cycle(byte[] bytes) {
            this.bytes = bytes;
        }

        int next() {
            int word = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                word = word << Byte.SIZE | bytes[at] & BYTE;
                at = (at + 1) % bytes.length;
            }
            return word;
        }
    }

    /** The first bits of the fraction of pi, by Machin: 16 arctan(1/5) - 4 arctan(1/239). */
    private static int[] fractionOfPi(int words) {
        int guard = 64;
        int bits = words * Integer.SIZE + guard;
        BigInteger pi = arctan(5, bits).shiftLeft(4).subtract(arctan(239, bits).shiftLeft(2));
        BigInteger fraction = pi.subtract(BigInteger.valueOf(3).shiftLeft(bits)).shiftRight(guard);
        int[] result = new int[words];
        for (int i = words - 1; i >= 0; i--) {
            result[i] = fraction.intValue();
            fraction = fraction.shiftRight(Integer.SIZE);
        }
        return result;
    }

    /** The arctangent of 1/x, as a fixed-point number. */
    private static BigInteger arctan(int x, int bits) {
        BigInteger square = BigInteger.valueOf((long) x * x);
        BigInteger power = BigInteger.ONE.shiftLeft(bits).divide(BigInteger.valueOf(x));
        BigInteger sum = BigInteger.ZERO;
        for (int n = 1; power.signum() != 0; n += 2) {
            BigInteger term = power.divide(BigInteger.valueOf(n));
            sum = n % 4 == 1 ? sum.add(term) : sum.subtract(term);
            power = power.divide(square);
        }
        return sum;
    }
}
