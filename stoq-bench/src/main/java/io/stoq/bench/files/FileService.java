package io.stoq.bench.files;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamTask;
import io.stoq.bench.net.Addresses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Gives the files of a folder to clients; one virtual thread for each request. */
public final class FileService implements StreamTask {

    private static final int BUFFER_BYTES = 256 << 10;

    private final ServedFolder folder;
    private final Transfers transfers;

    public FileService(ServedFolder folder, Transfers transfers) {
        this.folder = folder;
        this.transfers = transfers;
    }

    @Override
    public void run(StoqStream stream) throws StoqException {
        if (!stream.isBidirectional()) {
            stream.stopSending(HqProtocol.BAD_REQUEST);
            return;
        }
        String request = readLine(stream);
        String target = request != null && request.startsWith("GET ") ? request.substring(4) : null;
        if (target == null) {
            refuse(stream, HqProtocol.BAD_REQUEST, "no GET request");
            return;
        }
        Path file = folder.find(target);
        if (file == null) {
            refuse(stream, HqProtocol.NOT_FOUND, target + " is no file here");
            return;
        }
        send(stream, target, file);
    }

    private void send(StoqStream stream, String target, Path file) throws StoqException {
        // The link check of the folder holds only as long as nobody swaps the file for a link.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            Transfers.Transfer transfer = transfers.begin(target, channel.size());
            try {
                copy(channel, stream, transfer);
                stream.finish();
                transfer.done();
            } catch (StoqException e) {
                transfer.failed(e.getMessage());
                throw e;
            } catch (IOException e) {
                transfer.failed("cannot read " + file + ": " + e.getMessage());
                stream.reset(HqProtocol.FAILED);
            }
        } catch (StoqException e) {
            throw e;
        } catch (IOException e) {
            refuse(stream, HqProtocol.FAILED, target + " cannot be opened: " + e.getMessage());
        }
    }

    private static void copy(FileChannel from, StoqStream to, Transfers.Transfer transfer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, Math.max(1, from.size())));
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer.clear())) {
            to.write(buffer.flip());
            transfer.add(read);
        }
    }

    private void refuse(StoqStream stream, long code, String why) {
        transfers.note("refused " + Addresses.format(stream.connection().remoteAddress()) + ": " + why);
        stream.stopSending(code);
        stream.reset(code);
    }

    /** Up to a line end or the end of the stream, without the line end; null where it is too long. */
    private static String readLine(StoqStream stream) throws StoqException {
        ByteBuffer line = ByteBuffer.allocate(HqProtocol.MAX_REQUEST_BYTES);
        int searched = 0;
        while (line.hasRemaining() && stream.read(line) >= 0) {
            for (; searched < line.position(); searched++) {
                if (line.get(searched) == '\n') {
                    return text(line, searched);
                }
            }
        }
        return line.hasRemaining() ? text(line, line.position()) : null;
    }

    private static String text(ByteBuffer line, int length) {
        return new String(line.array(), 0, length, StandardCharsets.UTF_8).stripTrailing();
    }
}
