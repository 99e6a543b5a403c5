package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.stoq.buffer.Datagram;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IoBackendsTest {

    /** One class of each library that the program in the other process needs. */
    private static final List<String> PARTS = List.of(
            Denied.class.getName(),
            IoBackends.class.getName(),
            Datagram.class.getName(),
            "io.netty.util.NetUtil",
            "io.netty.buffer.ByteBuf",
            "io.netty.channel.IoEventLoop",
            "io.netty.channel.epoll.Epoll",
            "io.netty.channel.uring.IoUring",
            "io.netty.channel.unix.FileDescriptor",
            "io.netty.resolver.AddressResolver",
            "org.slf4j.Logger");

    @Test
    void automaticChoiceIsAvailable() {
        assertTrue(IoBackends.select("auto").isAvailable());
    }

    @Test
    void nioIsThereWhereverIpv6Is() {
        assertEquals("nio", IoBackends.select("nio").name());
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        String message = assertThrows(IllegalArgumentException.class, () -> IoBackends.select("kqueue"))
                .getMessage();
        assertEquals("unknown I/O backend 'kqueue'; choose auto, epoll, io_uring or nio", message);
    }

    @Test
    void withoutNativeAccessNioIsChosenAndTheOthersSayWhy() throws Exception {
        String[] lines = runWithoutNativeAccess().split("\n");
        assertEquals("nio", lines[0]);
        assertTrue(lines[1].contains("epoll is not available: native access is denied"), lines[1]);
        assertTrue(lines[2].contains("io_uring is not available: native access is denied"), lines[2]);
        assertEquals("opened nio", lines[3]);
    }

    private static String runWithoutNativeAccess() throws Exception {
        String classPath =
                PARTS.stream().map(IoBackendsTest::rootOf).distinct().collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "--illegal-native-access=deny", "-Xmx128m", "-cp", classPath, Denied.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** Where a class was loaded from, by its resource: a patched module has more than one place. */
    private static String rootOf(String className) {
        String file = className.replace('.', '/') + ".class";
        String url = typeOf(className).getResource("/" + file).toString();
        String root = url.substring(0, url.length() - file.length());
        if (root.startsWith("jar:")) {
            root = root.substring("jar:".length(), root.lastIndexOf('!'));
        }
        return Path.of(URI.create(root)).toString();
    }

    private static Class<?> typeOf(String className) {
        try {
            return Class.forName(className);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs in a process of its own. */
    static final class Denied {

        private Denied() {}

        public static void main(String[] args) throws Exception {
            IoBackend chosen = IoBackends.select("auto");
            System.out.println(chosen.name());
            for (String name : new String[] {"epoll", "io_uring"}) {
                try {
                    IoBackends.select(name);
                } catch (UnsupportedOperationException e) {
                    System.out.println(e.getMessage());
                }
            }
            try (MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, chosen.handlerFactory())) {
                UdpSocket socket =
                        chosen.open(group.next(), TestPeer.loopback(0), SocketOptions.DEFAULT, new IgnoringHandler());
                System.out.println("opened " + socket.capabilities().name());
                socket.close();
                socket.closed().toCompletableFuture().join();
            }
            System.exit(0);
        }
    }
}
