package io.stoq.protection.ipsecmb;

/** A version of the library. */
record LibraryVersion(int major, int minor, int patch) {

    /** @param packed as {@code imb_get_version} packs it: {@code IMB_VERSION(a, b, c)} in its header */
    static LibraryVersion of(int packed) {
        return new LibraryVersion(packed >>> 16, packed >>> 8 & 0xff, packed & 0xff);
    }

    boolean isAtLeast(int major, int minor) {
        return this.major > major || this.major == major && this.minor >= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
