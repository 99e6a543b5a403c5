package io.stoq.protection;

import io.stoq.crypto.PacketProtection;
import io.stoq.protection.ipsecmb.IpsecMb;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Weighs what code asks for, what the operator says and what the machine can do, and logs what comes of it. Any thread. */
final class AeadSelection {

    private static final Logger LOG = LoggerFactory.getLogger(Aead.class);

    /** What was logged before: endpoints are many, the answer is one. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private AeadSelection() {}

    /** @param property what the operator says, {@code auto} where nothing */
    static PacketProtection of(Aead asked, String property) {
        Aead operator = fromProperty(property);
        Aead chosen = asked == Aead.AUTO ? operator : asked;
        PacketProtection protection = switch (chosen) {
            case JCA -> JcaPacketProtection.create();
            case IPSEC_MB -> ipsecMb(operator);
            case AUTO -> bestAvailable(IpsecMb.unavailableReason(), IpsecMb.fitsMachine());
        };
        announce(protection);
        return protection;
    }

    /** @param expected whether people should know that it could be faster */
    static PacketProtection bestAvailable(String unavailableReason, boolean expected) {
        if (unavailableReason == null) {
            return new IpsecMbPacketProtection();
        }
        if (expected && SAID.add(unavailableReason)) {
            LOG.warn(
                    "packets are sealed by the Java platform, which is slower, since ipsec-mb is not available: {}."
                            + " -D{}=jca says that this is as wanted",
                    unavailableReason,
                    Aead.PROPERTY);
        }
        return JcaPacketProtection.create();
    }

    /** Once for each that comes up in this process. */
    static void announce(PacketProtection protection) {
        String name = protection.toString();
        if (SAID.add(name)) {
            LOG.info("packets are sealed by {}", name);
        }
    }

    private static PacketProtection ipsecMb(Aead operator) {
        if (operator == Aead.JCA) {
            throw new UnsupportedOperationException("ipsec-mb is forbidden by -D" + Aead.PROPERTY + "="
                    + operator.label() + "; remove that, or choose auto or jca");
        }
        return new IpsecMbPacketProtection();
    }

    private static Aead fromProperty(String value) {
        try {
            return Aead.labelled(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("system property " + Aead.PROPERTY + ": " + e.getMessage(), e);
        }
    }
}
