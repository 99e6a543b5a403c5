package io.stoq.transport.qlog;

import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.Telemetry;
import io.stoq.transport.QlogOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records connections of a transport as qlog files. Loops hand over blocks of events and never wait: where the disk does not
 * keep up, events are dropped and counted. Where it fails, recording stops with one warning, and nothing else does.
 * Thread-safe.
 */
public final class Qlog implements Telemetry, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Qlog.class);

    /** Blocks that there are at most, of 32 KiB each and what belongs to it. */
    private static final int MAX_BLOCKS = 512;

    /** Connections recorded at a time: each has a file open. */
    private static final int MAX_TRACES = 256;

    /** Makes a file that does not exist yet. */
    @FunctionalInterface
    interface FileMaker {
        OutputStream create(Path file) throws IOException;
    }

    private final QlogOptions options;
    private final FileMaker maker;
    private final TraceText text;
    private final JsonText json = new JsonText();
    private final BlockingQueue<EventBlock> filled = new ArrayBlockingQueue<>(MAX_BLOCKS + MAX_TRACES + 1);
    private final BlockingQueue<EventBlock> free = new ArrayBlockingQueue<>(MAX_BLOCKS);
    private final AtomicInteger blocks = new AtomicInteger();
    private final AtomicInteger traces = new AtomicInteger();
    private final AtomicInteger files = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicLong connections = new AtomicLong();
    private final Set<Recorder> recorders = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();
    private final EventBlock stop = new EventBlock();
    private final Thread writer;
    private volatile boolean closing;
    private volatile boolean stopped;

    /** @throws IOException where the folder cannot be made */
    public static Qlog open(QlogOptions options) throws IOException {
        Files.createDirectories(options.folder());
        return new Qlog(
                options, file -> Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    Qlog(QlogOptions options, FileMaker maker) {
        this.options = options;
        this.maker = maker;
        this.text = new TraceText(EventNames.valueOf(options.schema().name()), json);
        this.writer = Thread.ofPlatform().daemon().name("stoq-qlog").start(this::write);
    }

    // ---- loops

    @Override
    public ConnectionSink open(Origin origin) {
        if (stopped || closing || connections.getAndIncrement() % options.sampleEvery() != 0) {
            return ConnectionSink.NONE;
        }
        if (files.get() >= options.maxFiles()) {
            if (full.compareAndSet(false, true)) {
                LOG.warn("qlog records no more connections: {} has {} files", options.folder(), options.maxFiles());
            }
            return ConnectionSink.NONE;
        }
        if (traces.incrementAndGet() > MAX_TRACES) {
            traces.decrementAndGet();
            return ConnectionSink.NONE;
        }
        Recorder recorder = new Recorder(this, new Trace(origin, Instant.now()));
        recorders.add(recorder);
        files.incrementAndGet();
        return recorder;
    }

    /** An empty block, or null where there are too many under way. */
    EventBlock takeBlock(Trace trace) {
        EventBlock block = free.poll();
        if (block == null) {
            if (blocks.incrementAndGet() > MAX_BLOCKS) {
                blocks.decrementAndGet();
                return null;
            }
            block = new EventBlock();
        }
        block.trace = trace;
        return block;
    }

    /** There is always room: blocks are counted, and so are the traces that each have one last block more. */
    void handOver(EventBlock block) {
        filled.add(block);
    }

    void onDropped() {
        dropped.increment();
    }

    void onGone(Recorder recorder) {
        if (recorders.remove(recorder)) {
            recorder.finish();
        }
    }

    /** The last block of a trace, or null where there is nothing left. */
    void finish(Trace trace, EventBlock rest) {
        EventBlock last = rest != null ? rest : new EventBlock();
        last.trace = trace;
        last.last = true;
        handOver(last);
    }

    /** The connection never came to be. */
    void discard(EventBlock rest) {
        traces.decrementAndGet();
        files.decrementAndGet();
        if (rest != null) {
            recycle(rest);
        }
    }

    /** Events that were left out so far, of all connections. */
    public long dropped() {
        return dropped.sum();
    }

    /** Whether recording has ended, for good. */
    public boolean isStopped() {
        return stopped;
    }

    /** Writes what is left; the event loops have ended. */
    @Override
    public void close() {
        closing = true;
        recorders.forEach(this::onGone);
        try {
            filled.put(stop);
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the writer

    private void write() {
        try {
            for (EventBlock block = filled.take(); block != stop; block = filled.take()) {
                write(block);
                if (block.last) {
                    giveUp(block.trace);
                    traces.decrementAndGet();
                }
                recycle(block);
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private void write(EventBlock block) {
        try {
            writeTo(block.trace, block);
        } catch (IOException | RuntimeException failure) { // whatever it is, the loops must not hear of it
            json.discard();
            giveUp(block.trace);
            if (!stopped) {
                stopped = true;
                LOG.warn("qlog stops, connections go on: {} cannot be written", options.folder(), failure);
            }
        }
    }

    private void writeTo(Trace trace, EventBlock block) throws IOException {
        if (!stopped && !trace.isClosed()) {
            if (!trace.isOpen()) {
                trace.open(maker.create(trace.in(options.folder())));
                text.header(trace);
            }
            text.events(block);
            if (trace.bytes() + json.length() > options.maxFileBytes()) {
                text.full(trace.bytes() + json.length());
                json.writeTo(trace);
                trace.close();
            } else {
                json.writeTo(trace);
            }
        }
    }

    /** Closes the file, whatever its state. */
    private static void giveUp(Trace trace) {
        try {
            trace.close();
        } catch (IOException failure) {
            LOG.debug("a qlog file could not be closed", failure);
        }
    }

    private void recycle(EventBlock block) {
        block.clear();
        free.offer(block);
    }
}
