package io.stoq.bench.lab.real;

import java.util.List;

/** What came of a trial. */
public sealed interface Result {

    Trial trial();

    /**
     * It ran.
     *
     * @param goodputMbps application data that the receivers got, one value per flow; of two flows what passed the link
     *     in the last half
     * @param meanRttMs of the path, its queue included, as the relay saw it: what each datagram met
     * @param p99RttMs the 99th percentile of that
     * @param stackRttMs smoothed, as the first sender tells at the end; null where it does not
     * @param queueShare of the buffer, on average
     * @param droppedShare of the datagrams that came, on the full queue
     * @param lostShare of the datagrams that came, by chance
     * @param p99LateUs by how much the relay was late, for 99 % of the datagrams
     * @param samples over the whole trial
     */
    record Measured(
            Trial trial,
            List<Double> goodputMbps,
            double meanRttMs,
            double p99RttMs,
            Double stackRttMs,
            double queueShare,
            double droppedShare,
            double lostShare,
            double p99LateUs,
            List<Sample> samples)
            implements Result {

        /** Of all flows together. */
        public double totalMbps() {
            return goodputMbps.stream().mapToDouble(Double::doubleValue).sum();
        }

        /** The first flow's part of all. */
        public double share() {
            return totalMbps() == 0 ? 0 : goodputMbps.getFirst() / totalMbps();
        }

        /** Jain's index: 1 where all get the same, one over their number where one gets all. */
        public double fairness() {
            double squares =
                    goodputMbps.stream().mapToDouble(value -> value * value).sum();
            return squares == 0 ? 0 : totalMbps() * totalMbps() / (goodputMbps.size() * squares);
        }
    }

    /** It broke down. */
    record Failed(Trial trial, String reason) implements Result {}

    /**
     * The link over a moment.
     *
     * @param atS from the first datagram
     * @param mbps what passed, one value per flow
     * @param queueShare of the buffer, at the end of the moment
     */
    record Sample(double atS, List<Double> mbps, double queueShare) {}
}
