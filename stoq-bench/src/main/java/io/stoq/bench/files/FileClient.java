package io.stoq.bench.files;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Fetches files over one connection. Thread-safe; each fetch keeps its thread until the file is whole. */
public final class FileClient {

    private static final int BUFFER_BYTES = 1 << 20;

    private final StoqConnection connection;
    private final Transfers transfers;

    public FileClient(StoqConnection connection, Transfers transfers) {
        this.connection = connection;
        this.transfers = transfers;
    }

    /**
     * Fetches one file into a folder, replacing what has its name there once it is whole.
     *
     * @return where it is
     * @throws IOException where the server refuses, or is gone; what came by then is in a file named {@code .part}
     */
    public Path fetch(RemoteFile file, Path folder) throws IOException {
        Path target = folder.resolve(file.name());
        Path part = folder.resolve(file.name() + ".part");
        Transfers.Transfer transfer = transfers.begin(file.target(), -1);
        try (StoqStream stream = connection.openStream()) {
            stream.write(ByteBuffer.wrap(("GET " + file.target() + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            stream.finish();
            receive(stream, part, transfer);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            transfer.done();
            return target;
        } catch (StoqException.StreamReset e) {
            Files.deleteIfExists(part);
            throw new IOException("the server refused: " + HqProtocol.meaning(e.errorCode()), e);
        } finally {
            transfer.end();
        }
    }

    private static void receive(StoqStream stream, Path part, Transfers.Transfer transfer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        // The file appears with its first byte: a refusal leaves nothing behind.
        int read = stream.read(buffer);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (; read >= 0; read = stream.read(buffer.clear())) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                transfer.add(read);
            }
        }
    }
}
