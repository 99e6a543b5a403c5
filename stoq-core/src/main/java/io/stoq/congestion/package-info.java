/** Congestion control: the controller SPI, in which the pacing rate has a place of its own, NewReno and CUBIC. */
package io.stoq.congestion;
