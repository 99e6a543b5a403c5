package io.stoq.bench.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: STOQ, and the Java it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Stoq.class.getPackage().getImplementationVersion();
        return new String[] {
            "stoq " + (version == null ? "(development build)" : version),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
