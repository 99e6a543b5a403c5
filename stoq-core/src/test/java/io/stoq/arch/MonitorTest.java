package io.stoq.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Synchronized blocks are invisible to ArchUnit, so this looks at the byte code. */
class MonitorTest {
    @Test
    void theEngineEntersNoMonitor() throws IOException, URISyntaxException {
        Path classes = Path.of(io.stoq.wire.TransportException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> found = files.filter(file -> file.toString().endsWith(".class"))
                    .flatMap(MonitorTest::methodsWithMonitors)
                    .toList();
            assertEquals(List.of(), found, "one loop owns a connection, so there is nothing to lock");
        }
    }

    private static Stream<String> methodsWithMonitors(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return model.methods().stream()
                .filter(MonitorTest::entersMonitor)
                .map(method -> model.thisClass().asInternalName() + "." + method.methodName());
    }

    private static boolean entersMonitor(MethodModel method) {
        return method.code()
                .map(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance))
                .orElse(false);
    }
}
