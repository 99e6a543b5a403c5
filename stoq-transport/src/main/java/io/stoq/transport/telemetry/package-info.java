/** Who is told what happens inside connections: Java Flight Recorder, and qlog files. On loops, but for what says otherwise. */
package io.stoq.transport.telemetry;
