package io.stoq.congestion;

import io.stoq.congestion.bbr.Bbr;

/** The congestion controllers that come with STOQ. */
public enum CongestionAlgorithm {

    /** RFC 9002 §7: the reference, halves its window at each loss. */
    NEW_RENO("newreno", NewReno::new),

    /** RFC 9438: fills fast and long paths better. */
    CUBIC("cubic", Cubic::new),

    /** BBR with the parameters of its second version: a model of the path, indifferent to single losses. */
    BBR2("bbr2", Bbr::v2),

    /** BBR as in draft-ietf-ccwg-bbr-06. */
    BBR3("bbr3", Bbr::v3);

    private final String label;
    private final CongestionControllerFactory factory;

    CongestionAlgorithm(String label, CongestionControllerFactory factory) {
        this.label = label;
        this.factory = factory;
    }

    /** How it is called on command lines and in reports. */
    public String label() {
        return label;
    }

    /** Makes the controllers of connections that are configured with it. */
    public CongestionControllerFactory factory() {
        return factory;
    }
}
