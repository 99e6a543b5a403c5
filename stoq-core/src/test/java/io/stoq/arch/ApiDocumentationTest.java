package io.stoq.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Whatever a module exports to everybody says what it is. What the compiler checks beside this is that comments are well
 * formed; whether they name units, errors and RFC sections is for readers to judge.
 */
class ApiDocumentationTest {

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    @Test
    void everyExportedTypeAndMethodHasAComment() throws IOException {
        List<String> bare = new ArrayList<>();
        int types = 0;
        for (Path module : modules()) {
            List<Path> sources = new ArrayList<>();
            for (String name : exported(module)) {
                sources.addAll(javaFiles(module.resolve(name.replace('.', '/'))));
            }
            types += sources.size();
            bare.addAll(withoutComment(sources));
        }
        assertEquals(List.of(), bare);
        assertTrue(types > 50, "the exported packages have moved: " + types + " types found");
    }

    private static List<Path> modules() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(sources -> Files.exists(sources.resolve("module-info.java")))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    /** The packages that a module exports to all others. */
    private List<String> exported(Path module) throws IOException {
        List<String> names = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            for (CompilationUnitTree unit :
                    task(files, List.of(module.resolve("module-info.java"))).parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitExports(ExportsTree tree, Void nothing) {
                        if (tree.getModuleNames() == null) {
                            names.add(tree.getPackageName().toString());
                        }
                        return null;
                    }
                }.scan(unit, null);
            }
        }
        return names;
    }

    private List<String> withoutComment(List<Path> sources) throws IOException {
        List<String> bare = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = task(files, sources);
            DocTrees comments = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new ApiScanner(comments, bare).scan(unit, null);
            }
        }
        return bare;
    }

    private JavacTask task(StandardJavaFileManager files, List<Path> sources) {
        return (JavacTask)
                compiler.getTask(null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
    }

    /** Visits what is public, and what is inside of that. */
    private static final class ApiScanner extends TreePathScanner<Void, Void> {

        private final DocTrees comments;
        private final List<String> bare;

        ApiScanner(DocTrees comments, List<String> bare) {
            this.comments = comments;
            this.bare = bare;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (isPublic(type.getModifiers().getFlags())) {
                require(type.getSimpleName().toString());
                super.visitClass(type, nothing);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            // Constructors are told by their types.
            boolean constructor = method.getReturnType() == null;
            if (isPublic(method.getModifiers().getFlags()) && !overrides && !constructor) {
                require(method.getName().toString());
            }
            return null;
        }

        private boolean isPublic(Set<Modifier> modifiers) {
            TreePath outer = getCurrentPath().getParentPath();
            boolean inInterface =
                    outer.getLeaf().getKind() == Tree.Kind.INTERFACE && !modifiers.contains(Modifier.PRIVATE);
            return inInterface || modifiers.contains(Modifier.PUBLIC);
        }

        private void require(String name) {
            if (comments.getDocComment(getCurrentPath()) == null) {
                CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
                long line = unit.getLineMap()
                        .getLineNumber(comments.getSourcePositions()
                                .getStartPosition(unit, getCurrentPath().getLeaf()));
                Path file = Path.of(unit.getSourceFile().toUri());
                bare.add(file.getFileName() + ":" + line + " " + name);
            }
        }
    }
}
