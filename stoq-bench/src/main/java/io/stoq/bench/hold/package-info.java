/** What many connections cost that do next to nothing: memory by slope, descriptors, processor time, and their requests. */
package io.stoq.bench.hold;
