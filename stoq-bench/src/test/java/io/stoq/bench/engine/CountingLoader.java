package io.stoq.bench.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads STOQ once more, with every instruction and call that moves bytes reported to {@link CopyCounter}: copies of arrays,
 * memory segments and buffers, and stores of single values into byte arrays and memory. What the JDK and Netty move inside is
 * not seen.
 */
final class CountingLoader extends ClassLoader {

    private static final ClassDesc COUNTER =
            CopyCounter.class.describeConstable().orElseThrow();
    private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    private static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
    private static final ClassDesc BUFFER = ClassDesc.of("java.nio.ByteBuffer");
    private static final ClassDesc VAR_HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final MethodTypeDesc COUNT =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_String);
    private static final Set<ClassDesc> OWNERS =
            Set.of(ClassDesc.of("java.lang.System"), ClassDesc.of("java.util.Arrays"), SEGMENT, BUFFER, BYTES);
    private static final Set<String> MOVERS =
            Set.of("arraycopy", "copyOf", "copyOfRange", "clone", "copy", "copyFrom", "toArray", "get", "put");
    private static final Set<String> COUNTED = Arrays.stream(CopyCounter.class.getMethods())
            .map(method -> method.getName()
                    + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString())
            .collect(Collectors.toSet());

    CountingLoader() {
        super("counting", CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.stoq.") || name.equals(CopyCounter.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] counting = counting(name.substring(name.lastIndexOf('.') + 1), in.readAllBytes());
            return defineClass(name, counting, 0, counting.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] counting(String className, byte[] original) {
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(getParent()).cached()));
        ClassTransform transform = (target, element) -> {
            if (element instanceof MethodModel method) {
                String by = className + "." + method.methodName().stringValue();
                CodeTransform code = (builder, instruction) -> rewrite(builder, instruction, by);
                target.transformMethod(method, MethodTransform.transformingCode(code));
            } else {
                target.with(element);
            }
        };
        return files.transformClass(files.parse(original), transform);
    }

    private static void rewrite(CodeBuilder code, CodeElement element, String by) {
        switch (element) {
            case ArrayStoreInstruction store
            when store.typeKind() == TypeKind.BYTE -> {
                count(code, 1, by);
                code.with(store);
            }
            case InvokeInstruction call -> rewriteCall(code, call, by);
            default -> code.with(element);
        }
    }

    private static void rewriteCall(CodeBuilder code, InvokeInstruction call, String by) {
        ClassDesc owner = call.owner().asSymbol();
        String name = call.name().stringValue();
        MethodTypeDesc type = call.typeSymbol();
        MethodTypeDesc whole = call.opcode() == Opcode.INVOKESTATIC ? type : type.insertParameterTypes(0, owner);
        MethodTypeDesc counted = whole.insertParameterTypes(whole.parameterCount(), ConstantDescs.CD_String);
        if (OWNERS.contains(owner) && COUNTED.contains(name + counted.descriptorString())) {
            code.loadConstant(by);
            code.invokestatic(COUNTER, name, counted);
            return;
        }
        requireHarmless(owner, name, type);
        if (name.equals("set") && (owner.equals(SEGMENT) || owner.equals(VAR_HANDLE) && isOfBytes(type))) {
            count(code, sizeOf(type.parameterType(type.parameterCount() - 1)), by);
        }
        code.with(call);
    }

    private static void count(CodeBuilder code, long bytes, String by) {
        code.loadConstant(bytes);
        code.loadConstant(by);
        code.invokestatic(COUNTER, "count", COUNT);
    }

    /** A call that moves many bytes and is not counted would make the count a lie. */
    private static void requireHarmless(ClassDesc owner, String name, MethodTypeDesc type) {
        boolean ofMany = type.parameterList().stream()
                .anyMatch(
                        parameter -> parameter.equals(BYTES) || parameter.equals(BUFFER) || parameter.equals(SEGMENT));
        if (OWNERS.contains(owner) && MOVERS.contains(name) && ofMany) {
            throw new IllegalStateException("CopyCounter does not know " + name + type.displayDescriptor());
        }
    }

    private static boolean isOfBytes(MethodTypeDesc type) {
        return type.parameterCount() > 0 && type.parameterType(0).equals(BYTES);
    }

    private static int sizeOf(ClassDesc type) {
        return switch (type.descriptorString()) {
            case "B", "Z" -> Byte.BYTES;
            case "S", "C" -> Short.BYTES;
            case "I", "F" -> Integer.BYTES;
            default -> Long.BYTES;
        };
    }
}
