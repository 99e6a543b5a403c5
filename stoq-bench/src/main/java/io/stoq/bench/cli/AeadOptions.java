package io.stoq.bench.cli;

import io.stoq.protection.Aead;
import io.stoq.protection.IpsecMbPacketProtection;
import io.stoq.tls.StoqTls;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What seals and opens packets. */
final class AeadOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--aead",
            paramLabel = "NAME",
            defaultValue = "auto",
            converter = Label.class,
            description =
                    "What seals packets: auto, ipsec-mb or jca. Default: ${DEFAULT-VALUE}, which is ipsec-mb where it"
                            + " can be used.")
    private Aead aead;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Seal packets by this security provider of the Java platform, such as BC.")
    private String provider;

    StoqTls.Builder apply(StoqTls.Builder tls) {
        requireOneChoice();
        return tls.aead(aead).provider(provider);
    }

    /** What the choices come to here, for another process of this machine: the two do not differ, and one warns. */
    List<String> arguments() {
        requireOneChoice();
        if (provider != null) {
            return List.of("--provider", provider);
        }
        Aead resolved = aead.protection() instanceof IpsecMbPacketProtection ? Aead.IPSEC_MB : Aead.JCA;
        return List.of("--aead", resolved.label());
    }

    private void requireOneChoice() {
        if (provider != null && aead == Aead.IPSEC_MB) {
            throw new ParameterException(
                    spec.commandLine(), "--provider chooses among jca's; leave it or --aead ipsec-mb out");
        }
    }

    private static final class Label implements ITypeConverter<Aead> {

        @Override
        public Aead convert(String value) {
            try {
                return Aead.labelled(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
