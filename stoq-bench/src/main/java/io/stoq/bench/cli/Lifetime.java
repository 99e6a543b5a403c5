package io.stoq.bench.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long a certificate is valid: minutes, hours or days. */
final class Lifetime implements ITypeConverter<Duration> {

    private static final Pattern LIFETIME = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

    @Override
    public Duration convert(String value) {
        Matcher matcher = LIFETIME.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no lifetime; give one as in 90m, 24h or 30d");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
