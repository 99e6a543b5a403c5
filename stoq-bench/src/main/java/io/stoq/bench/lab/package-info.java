/**
 * The laboratory: connections of the real engine over simulated links, in virtual time. A scenario says which links and
 * flows, and what has to come out; an experiment runs it with one congestion controller and one seed.
 */
package io.stoq.bench.lab;
