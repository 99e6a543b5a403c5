package io.stoq.bench.perf;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another JVM like this one: the same binary, flags and class path. */
public final class SiblingJvm {

    private SiblingJvm() {}

    /** @param flags further ones, for that JVM and those that it starts in turn */
    public static List<String> command(List<String> flags, Class<?> mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(binary());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A debugger's agent would claim the same port again.
            if (!flag.startsWith("-agentlib:jdwp") && !flag.startsWith("-Xrunjdwp")) {
                command.add(flag);
            }
        }
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        command.addAll(arguments);
        return command;
    }

    private static String binary() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() ->
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
