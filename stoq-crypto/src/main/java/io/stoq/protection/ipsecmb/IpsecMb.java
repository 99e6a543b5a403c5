package io.stoq.protection.ipsecmb;

/** Whether AES-GCM by the library can be used in this process. Found once, at first use. Any thread. */
public final class IpsecMb {

    private static final Result RESULT = find();

    private IpsecMb() {}

    /** Why it cannot be used, as a clause that ends with the remedy; null where it can. */
    public static String unavailableReason() {
        return RESULT.unavailableReason;
    }

    /** Whether this is a machine on which the library could be used were it installed and allowed. */
    public static boolean fitsMachine() {
        return machineReason() == null;
    }

    /** What runs, as in {@code 1.3.0 vaes_avx512}; null where nothing does. */
    public static String description() {
        GcmFunctions gcm = RESULT.gcm;
        return gcm == null ? null : gcm.version() + " " + gcm.implementation().suffix;
    }

    static GcmFunctions functions() {
        if (RESULT.gcm == null) {
            throw new IllegalStateException("ipsec-mb is not available: " + RESULT.unavailableReason);
        }
        return RESULT.gcm;
    }

    private static Result find() {
        try {
            return new Result(load(), null);
        } catch (UnusableException e) {
            return new Result(null, e.getMessage());
        } catch (LinkageError | RuntimeException e) {
            return new Result(null, "the library cannot be called: " + e);
        }
    }

    private static GcmFunctions load() throws UnusableException {
        String reason = machineReason();
        if (reason != null) {
            throw new UnusableException(reason);
        }
        if (!IpsecMb.class.getModule().isNativeAccessEnabled()) {
            String module = IpsecMb.class.getModule().isNamed()
                    ? IpsecMb.class.getModule().getName()
                    : "ALL-UNNAMED";
            throw new UnusableException("native access is denied; allow it with --enable-native-access=" + module);
        }
        GcmFunctions gcm = Library.open(Library.NAMES).gcm();
        SelfTest.require(gcm);
        return gcm;
    }

    private static String machineReason() {
        return Library.machineReason(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    private record Result(GcmFunctions gcm, String unavailableReason) {}
}
