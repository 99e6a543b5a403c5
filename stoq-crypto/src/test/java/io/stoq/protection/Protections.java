package io.stoq.protection;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.crypto.PacketProtection;

/** The implementations of packet protection, which all have to pass the same tests. */
enum Protections {
    JCA {
        @Override
        PacketProtection create() {
            return JcaPacketProtection.create();
        }
    },

    BOUNCY_CASTLE {
        @Override
        PacketProtection create() {
            return JcaPacketProtection.of("BC");
        }
    },

    IPSEC_MB {
        @Override
        PacketProtection create() {
            String reason = IpsecMbPacketProtection.unavailableReason();
            assumeTrue(reason == null, () -> "skipped, since ipsec-mb is not available: " + reason);
            return new IpsecMbPacketProtection();
        }
    };

    /** Skips the test where this machine has no such implementation. */
    abstract PacketProtection create();
}
