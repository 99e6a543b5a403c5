package io.stoq.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the guide, as far as it can be run. A block {@code ```java Name.java} is a whole program, a block {@code ```text}
 * behind it what that prints, and a block {@code ```java} a part of a program.
 */
record Page(String name, List<Program> programs, List<String> excerpts, List<String> links) {

    private static final Pattern BLOCK =
            Pattern.compile("^```(\\w*) ?(\\S*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)(?:#[^)]*)?\\)");

    /** @param prints null where the page does not say */
    record Program(String page, String file, String source, String prints) {}

    static Path root() {
        Path module = Path.of("").toAbsolutePath();
        return Files.exists(module.resolve("CHANGELOG.md")) ? module : module.getParent();
    }

    static List<Page> all() throws IOException {
        try (var files = Files.list(root().resolve("docs/guide"))) {
            List<Page> pages = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(read(file));
            }
            return pages;
        }
    }

    private static Page read(Path file) throws IOException {
        String name = file.getFileName().toString();
        String text = Files.readString(file);
        List<Program> programs = new ArrayList<>();
        List<String> excerpts = new ArrayList<>();
        Program unanswered = null;
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            boolean java = block.group(1).equals("java");
            if (java && !block.group(2).isEmpty()) {
                unanswered = new Program(name, block.group(2), block.group(3), null);
                programs.add(unanswered);
            } else if (java) {
                excerpts.add(block.group(3));
            } else if (block.group(1).equals("text") && unanswered != null) {
                programs.removeLast();
                programs.add(new Program(name, unanswered.file(), unanswered.source(), block.group(3)));
                unanswered = null;
            }
        }
        List<String> links = LINK.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .toList();
        return new Page(name, programs, excerpts, links);
    }
}
