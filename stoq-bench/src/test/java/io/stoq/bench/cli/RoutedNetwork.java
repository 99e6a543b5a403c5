package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Three network namespaces of this machine, a client's, a router's and a server's, with a link of its own MTU on each side of
 * the router. Needs root and {@code ip}; closing it removes all of them.
 */
final class RoutedNetwork implements AutoCloseable {

    static final String SERVER = "fd00:2::1";

    private static final int COMMAND_SECONDS = 20;

    private final String name = "stoq" + ProcessHandle.current().pid();
    private final List<String> namespaces = new ArrayList<>();

    RoutedNetwork(int clientMtu, int serverMtu) throws IOException, InterruptedException {
        try {
            for (String side : List.of("c", "r", "s")) {
                run("ip", "netns", "add", name + side);
                namespaces.add(name + side);
            }
            link("c", "fd00:1::1/64", "r", "fd00:1::2/64", "a", clientMtu);
            link("s", "fd00:2::1/64", "r", "fd00:2::2/64", "b", serverMtu);
            run("ip", "-n", name + "c", "route", "add", "default", "via", "fd00:1::2");
            run("ip", "-n", name + "s", "route", "add", "default", "via", "fd00:2::2");
            run(inside("r", "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"));
        } catch (IOException | InterruptedException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Whether this process may make namespaces, and links between them. */
    static boolean isPossible() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return false;
        }
        try (RoutedNetwork network = new RoutedNetwork(1500, 1500)) {
            return !network.namespaces.isEmpty();
        } catch (IOException | InterruptedException | AssertionError notHere) {
            return false;
        }
    }

    private void link(String side, String address, String router, String routerAddress, String link, int mtu)
            throws IOException, InterruptedException {
        String near = name + link + "0";
        String far = name + link + "1";
        run(
                "ip",
                "link",
                "add",
                near,
                "netns",
                name + side,
                "type",
                "veth",
                "peer",
                "name",
                far,
                "netns",
                name + router);
        up(name + side, near, address, mtu);
        up(name + router, far, routerAddress, mtu);
    }

    private static void up(String namespace, String link, String address, int mtu)
            throws IOException, InterruptedException {
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "link", "set", link, "mtu", Integer.toString(mtu), "up");
        run("ip", "-n", namespace, "addr", "add", address, "dev", link, "nodad");
    }

    List<String> atClient(List<String> command) {
        return inside("c", command.toArray(String[]::new));
    }

    List<String> atServer(List<String> command) {
        return inside("s", command.toArray(String[]::new));
    }

    private List<String> inside(String side, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name + side));
        all.addAll(List.of(command));
        return all;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        run(List.of(command));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS), () -> command + " does not end");
        assertEquals(0, process.exitValue(), () -> command + ": " + output);
    }

    @Override
    public void close() throws IOException {
        for (String namespace : namespaces) {
            try {
                run("ip", "netns", "del", namespace);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
