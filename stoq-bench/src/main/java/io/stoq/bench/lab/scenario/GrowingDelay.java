package io.stoq.bench.lab.scenario;

import io.stoq.sim.Element;
import io.stoq.sim.SimDatagram;

/** A path that gets longer all the time, by a millisecond a second, so that no round trip is as short as those before. */
final class GrowingDelay extends Element {

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        pass(datagram, nowNs + nowNs / 1000);
    }
}
