/**
 * BBR: a model of the path (bandwidth, round trip, safe volumes) instead of a reaction to each loss. draft-ietf-ccwg-bbr-06.
 *
 * <p>{@link io.stoq.congestion.bbr.Bbr} is the composition: what the path was seen to do is kept by one class per quantity, how
 * it is probed by one class per state, what follows for the sender by {@code Window} and {@code Pacing}. Volumes are bytes,
 * times are nanoseconds, rates are bytes per second, gains are percent; all of them are whole numbers.
 */
package io.stoq.congestion.bbr;
