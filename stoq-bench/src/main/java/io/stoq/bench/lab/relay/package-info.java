/** A link between two programs that speak UDP: the simulator's elements, run in real time. */
package io.stoq.bench.lab.relay;
