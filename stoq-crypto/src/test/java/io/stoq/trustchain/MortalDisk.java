package io.stoq.trustchain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A disk in memory whose power fails at a given call. What was not synchronized by then is there, or is not, or in part,
 * as the seed wills.
 */
final class MortalDisk implements Disk {

    /** No exception: nothing between the disk and the test may handle it. */
    static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Inode {
        private byte[] bytes;
        private byte[] synced = new byte[0];

        Inode(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final Map<Path, Inode> names = new HashMap<>();
    private final Map<Path, Inode> syncedNames = new HashMap<>();

    /** What happened to names since the folder was synchronized. They are kept in order, as journals do. */
    private final List<Consumer<Map<Path, Inode>>> changes = new ArrayList<>();

    private final long fatalCall;
    private long calls;

    /** @param fatalCall which call power fails in, from 0 */
    MortalDisk(long fatalCall) {
        this.fatalCall = fatalCall;
    }

    long calls() {
        return calls;
    }

    /** Puts a file there that lasts. */
    void plant(Path file, byte[] bytes) {
        Inode inode = new Inode(bytes);
        inode.synced = bytes;
        names.put(file.toAbsolutePath(), inode);
        syncedNames.put(file.toAbsolutePath(), inode);
    }

    /** The disk when power is back; power stays. */
    MortalDisk revived(SplittableRandom random) {
        Map<Path, Inode> survivors = new HashMap<>(syncedNames);
        changes.subList(0, random.nextInt(changes.size() + 1)).forEach(change -> change.accept(survivors));
        MortalDisk revived = new MortalDisk(Long.MAX_VALUE);
        survivors.forEach((name, inode) -> {
            Inode copy = new Inode(survivingBytes(inode, random));
            copy.synced = copy.bytes;
            revived.names.put(name, copy);
            revived.syncedNames.put(name, copy);
        });
        return revived;
    }

    private static byte[] survivingBytes(Inode inode, SplittableRandom random) {
        if (Arrays.equals(inode.bytes, inode.synced)) {
            return inode.bytes;
        }
        return switch (random.nextInt(4)) {
            case 0 -> inode.synced;
            case 1 -> inode.bytes;
            case 2 -> {
                // Written up to somewhere.
                int from = Math.min(inode.synced.length, inode.bytes.length);
                yield Arrays.copyOf(inode.bytes, from + random.nextInt(inode.bytes.length - from + 1));
            }
            default -> {
                // The length is there, but some of the bytes are not.
                byte[] holed = inode.bytes.clone();
                int from = Math.min(inode.synced.length, inode.bytes.length);
                int start = from + random.nextInt(holed.length - from + 1);
                Arrays.fill(holed, start, start + random.nextInt(holed.length - start + 1), (byte) 0);
                yield holed;
            }
        };
    }

    /** @return whether power fails in this call */
    private boolean isLast() {
        return calls++ == fatalCall;
    }

    private Inode inode(Path file) throws NoSuchFileException {
        Inode inode = names.get(file.toAbsolutePath());
        if (inode == null) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    @Override
    public boolean exists(Path file) {
        return names.containsKey(file.toAbsolutePath());
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return inode(file).bytes.clone();
    }

    @Override
    public void write(Path file, byte[] bytes, boolean secret) {
        boolean last = isLast();
        Inode inode = new Inode(bytes.clone());
        change(map -> map.put(file.toAbsolutePath(), inode));
        dieIf(last);
    }

    @Override
    public void append(Path file, byte[] bytes) throws IOException {
        boolean last = isLast();
        Inode inode = inode(file);
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(inode.bytes);
        longer.write(bytes);
        inode.bytes = longer.toByteArray();
        dieIf(last);
    }

    @Override
    public void truncate(Path file, long bytes) throws IOException {
        boolean last = isLast();
        Inode inode = inode(file);
        inode.bytes = Arrays.copyOf(inode.bytes, (int) bytes);
        dieIf(last);
    }

    @Override
    public void sync(Path file) throws IOException {
        dieIf(isLast());
        Inode inode = inode(file);
        inode.synced = inode.bytes;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        boolean last = isLast();
        inode(from);
        change(map -> map.put(to.toAbsolutePath(), map.remove(from.toAbsolutePath())));
        dieIf(last);
    }

    @Override
    public void syncFolder(Path folder) {
        dieIf(isLast());
        syncedNames.clear();
        syncedNames.putAll(names);
        changes.clear();
    }

    @Override
    public void createFolder(Path folder) {
        dieIf(isLast());
    }

    @Override
    public Lock lock(Path file) {
        return () -> {};
    }

    private void change(Consumer<Map<Path, Inode>> change) {
        change.accept(names);
        changes.add(change);
    }

    private static void dieIf(boolean last) {
        if (last) {
            throw new PowerCut();
        }
    }
}
