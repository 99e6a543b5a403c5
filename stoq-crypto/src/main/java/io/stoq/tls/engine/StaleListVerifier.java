package io.stoq.tls.engine;

import java.io.IOException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Refuses what a revocation list names, also where the list is out of date and so not looked at by others. Any thread. */
public final class StaleListVerifier implements PeerVerifier {

    private final PeerVerifier path;
    private final List<X509CRL> lists;

    /** @param path decides everything else, before */
    public StaleListVerifier(PeerVerifier path, List<X509CRL> lists) {
        this.path = path;
        this.lists = List.copyOf(lists);
    }

    @Override
    public void verify(X509Certificate[] chain, PeerName asked) throws IOException {
        path.verify(chain, asked);
        refuseListed(chain);
    }

    @Override
    public void recheck(X509Certificate[] chain, PeerName asked, Instant now) throws IOException {
        path.recheck(chain, asked, now);
        refuseListed(chain);
    }

    private void refuseListed(X509Certificate[] chain) throws HandshakeRejection {
        for (X509CRL list : lists) {
            if (list.getIssuerX500Principal().equals(chain[0].getIssuerX500Principal()) && list.isRevoked(chain[0])) {
                throw RejectedCertificate.revoked(chain, null);
            }
        }
    }
}
