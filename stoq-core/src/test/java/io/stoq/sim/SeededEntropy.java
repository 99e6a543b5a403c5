package io.stoq.sim;

import io.stoq.crypto.CryptoProvider.Entropy;
import java.util.SplittableRandom;

/** Bytes that follow from a seed. */
public final class SeededEntropy implements Entropy {

    private final SplittableRandom random;

    public SeededEntropy(long seed) {
        this(new SplittableRandom(seed));
    }

    SeededEntropy(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public void fill(byte[] target, int at, int length) {
        for (int i = at; i < at + length; i++) {
            target[i] = (byte) random.nextInt();
        }
    }
}
