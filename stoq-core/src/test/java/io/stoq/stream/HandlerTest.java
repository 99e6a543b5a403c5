package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.ResetStreamFrame;
import io.stoq.wire.frame.StopSendingFrame;
import io.stoq.wire.frame.StreamFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a handler may do from inside a call, and what happens when it throws. */
class HandlerTest {

    private final Side server = Side.server(Side.LIMITS);

    @Test
    void aHandlerMayAnswerFinishAndOpenFromInsideItsCall() {
        accept(new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                stream.write(new SendChunk(new byte[] {1, 2, 3}));
                stream.finish();
                Stream other = server.open(false);
                other.write(new SendChunk(new byte[] {4}));
                return super.onData(stream, data, at, length);
            }
        });
        server.data(0, 0, 10, true);
        List<Frame> frames = server.frames();
        assertEquals(2, frames.size());
        assertEquals(3, ((StreamFrame) frames.get(0)).data().length());
        assertTrue(((StreamFrame) frames.get(0)).fin());
        assertEquals(3, ((StreamFrame) frames.get(1)).id());
        assertEquals(List.of(), server.failures);
    }

    @Test
    void aBlockIsNotReusedWhileItIsLent() {
        Recorder paused = new Recorder() {
            private boolean open;

            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                if (!open) {
                    open = true;
                    return 0;
                }
                stream.stopSending(3);
                server.data(4, 1, 1000, false);
                assertArrayEquals(Side.pattern(0, 0, length), Arrays.copyOfRange(data, at, at + length));
                return super.onData(stream, data, at, length);
            }
        };
        server.accepting = stream -> stream.id() == 0 ? paused : server.recorder(stream.id());
        server.data(0, 0, 600, false);
        server.streams.find(0).resume();
        assertEquals(600, paused.bytes.size());
        assertEquals(List.of(), server.failures);
        assertEquals(Block.HELD_BYTES, server.streams.bytesHeld());
    }

    @Test
    void resumingFromInsideACallCountsWhenSomethingWasTaken() {
        Recorder sips = new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                stream.resume();
                return super.onData(stream, data, at, Math.min(length, 7));
            }
        };
        accept(sips);
        server.data(0, 0, 100, true);
        assertArrayEquals(Side.pattern(0, 0, 100), sips.bytes.toByteArray());
        assertEquals(List.of("finished"), sips.events);
        Recorder starving = new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                stream.resume();
                dataCalls++;
                return 0;
            }
        };
        accept(starving);
        server.data(4, 0, 100, true);
        assertEquals(1, starving.dataCalls);
    }

    @Test
    void callsNeverNest() {
        Recorder recorder = new Recorder() {
            private int depth;

            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                assertEquals(0, depth++);
                stream.resume();
                stream.finish();
                stream.waterMarks(1, 2);
                stream.handler(this);
                depth--;
                return super.onData(stream, data, at, Math.min(length, 1));
            }
        };
        accept(recorder);
        server.data(0, 0, 50, true);
        assertEquals(50, recorder.bytes.size());
        assertEquals(List.of(), server.failures);
    }

    @Test
    void aHandlerThatThrowsLosesItsStreamOnly() {
        RuntimeException failure = new IllegalArgumentException("broken handler");
        accept(new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                throw failure;
            }
        });
        server.data(0, 0, 10, false);
        assertSame(failure, server.failures.getFirst());
        assertEquals(List.of(new ResetStreamFrame(0, 0, 0), new StopSendingFrame(0, 0)), server.frames());
        server.accepting = stream -> server.recorder(stream.id());
        server.data(4, 0, 10, true);
        assertEquals(10, server.recorder(4).bytes.size());
        server.data(0, 10, 10, true);
        server.acked(0);
        assertNull(server.streams.find(0));
        assertEquals(1, server.failures.size());
    }

    @Test
    void everyCallIsGuarded() {
        for (String broken : List.of("finished", "reset", "stop", "writable", "closed", "opened", "count", "error")) {
            Side side = Side.server(Side.LIMITS);
            side.accepting = stream -> {
                if (broken.equals("opened")) {
                    throw new IllegalStateException("opened");
                }
                return new Broken(broken);
            };
            side.data(0, 0, 10, broken.equals("finished") || broken.equals("closed"));
            Stream stream = side.streams.find(0);
            if (stream.isSendOpen()) {
                stream.waterMarks(0, 1);
                stream.write(new SendChunk(new byte[10]));
                stream.finish();
            }
            side.frames();
            if (broken.equals("reset")) {
                side.reset(0, 1, 20);
            } else if (broken.equals("stop")) {
                side.stop(0, 1);
            } else if (broken.equals("writable")) {
                Stream local = side.streams.open(false);
                local.handler(new Broken(broken));
                local.waterMarks(0, 1);
                local.write(new SendChunk(new byte[10]));
                side.frames();
                side.acked(1);
            }
            side.acked(0);
            assertEquals(1, side.failures.size(), broken);
        }
    }

    @Test
    void aReleaseCallbackThatThrowsIsReportedAndNothingElseIsHurt() {
        List<String> released = new ArrayList<>();
        Stream stream = server.open(false);
        stream.write(new SendChunk(new byte[10], 0, 10, () -> {
            throw new IllegalStateException("release");
        }));
        stream.write(new SendChunk(new byte[10], 0, 10, () -> released.add("second")));
        server.frames();
        server.acked(0);
        assertEquals(1, server.failures.size());
        assertEquals(List.of("second"), released);
        assertEquals(List.of(new ResetStreamFrame(3, 0, 20)), server.frames());
        server.acked(1);
        assertEquals(List.of("closed"), server.recorder(3).events);
    }

    @Test
    void aReleaseCallbackMayWriteTheNextChunk() {
        Stream stream = server.open(false);
        int[] written = new int[1];
        class Refill implements Runnable {
            @Override
            public void run() {
                if (written[0]++ < 20) {
                    stream.write(new SendChunk(new byte[100], 0, 100, this));
                } else {
                    stream.finish();
                }
            }
        }
        new Refill().run();
        for (int packet = 0; server.streams.openStreams() > 0; packet++) {
            server.packet(60);
            server.acked(packet);
        }
        assertEquals(2000, stream.acknowledgedBytes());
        assertEquals(List.of(), server.failures);
    }

    @Test
    void aHandlerMayResetWithACodeOfItsOwnWhenItIsStopped() {
        Stream stream = server.open(false);
        stream.handler(new Recorder() {
            @Override
            public void onStopSending(Stream stopped, long errorCode) {
                stopped.reset(errorCode + 1);
            }
        });
        server.stop(3, 10);
        assertEquals(List.of(new ResetStreamFrame(3, 11, 0)), server.frames());
    }

    @Test
    void aHandlerMayCloseTheConnectionFromInsideItsCall() {
        Recorder recorder = new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                server.streams.onConnectionClosed();
                return length;
            }
        };
        accept(recorder);
        server.data(4, 0, 10, true);
        assertEquals(List.of(), recorder.events);
        assertFalse(server.streams.wantsToSend());
        server.accepting = stream -> {
            throw new AssertionError("closed connections open nothing");
        };
        server.data(40, 0, 10, true);
        assertEquals(List.of(), server.failures);
    }

    @Test
    void anExceptionThatLooksLikeThePeersFaultStaysWithItsStream() {
        accept(new Recorder() {
            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                throw new TransportException(TransportErrorCode.INTERNAL_ERROR, "from an application");
            }
        });
        server.data(0, 0, 10, false);
        assertEquals(1, server.failures.size());
    }

    @Test
    void streamsCanBeOpenedWhenTheyBecomeAvailable() {
        Side client = new Side(false, Side.LIMITS);
        assertNull(client.open(true));
        client.streams.onPeerParameters(Side.parameters(Side.LIMITS));
        assertEquals(0, client.open(true).id());
    }

    private void accept(StreamHandler handler) {
        server.accepting = stream -> handler;
    }

    private static final class Broken extends Recorder {
        private final String broken;

        Broken(String broken) {
            this.broken = broken;
        }

        private void check(String call) {
            if (call.equals(broken)) {
                throw new IllegalStateException(call);
            }
        }

        @Override
        public int onData(Stream stream, byte[] data, int at, int length) {
            if (broken.equals("error")) {
                throw new StackOverflowError("error");
            }
            return broken.equals("count") ? length + 1 : length;
        }

        @Override
        public void onFinished(Stream stream) {
            check("finished");
        }

        @Override
        public void onReset(Stream stream, long errorCode) {
            check("reset");
        }

        @Override
        public void onStopSending(Stream stream, long errorCode) {
            check("stop");
        }

        @Override
        public void onWritable(Stream stream) {
            check("writable");
        }

        @Override
        public void onClosed(Stream stream) {
            check("closed");
        }
    }
}
