package io.stoq.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/** Names of the tests' own for the Java platform's resolver; all others are the system's. */
public final class TestNames extends InetAddressResolverProvider {

    static final String ONLY_IPV4 = "four.stoq.test";
    static final String NO_ADDRESS = "none.stoq.test";

    /** An address that nobody has (RFC 3849), and the loopback interface's. */
    static final String DEAD_AND_LIVE = "both.stoq.test";

    static final String DEAD = "2001:db8::dead";

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new Names(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "names of the tests";
    }

    private record Names(InetAddressResolver system) implements InetAddressResolver {

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            return switch (host) {
                case ONLY_IPV4 -> Stream.of(InetAddress.ofLiteral("127.0.0.1"));
                case NO_ADDRESS -> throw new UnknownHostException(host);
                case DEAD_AND_LIVE -> Stream.of(InetAddress.ofLiteral(DEAD), InetAddress.ofLiteral("::1"));
                default -> system.lookupByName(host, policy);
            };
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return system.lookupByAddress(address);
        }
    }
}
