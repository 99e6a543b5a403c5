package io.stoq.transport.qlog;

import io.stoq.transport.QlogOptions;
import java.io.FileOutputStream;
import java.nio.file.Path;

/** Disks that a test cannot have otherwise. */
public final class Disks {

    private Disks() {}

    /** Records to a disk that is full: each write fails as the kernel makes it fail. */
    public static Qlog full(Path folder) {
        return new Qlog(QlogOptions.to(folder), file -> new FileOutputStream("/dev/full"));
    }
}
