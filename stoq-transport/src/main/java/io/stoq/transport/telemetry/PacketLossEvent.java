package io.stoq.transport.telemetry;

import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Packets were declared lost, at one go. */
@Name("io.stoq.PacketLoss")
@Label("Packet Loss")
final class PacketLossEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(PacketLossEvent.class);

    @Label("Packets")
    int packets;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Persistent Congestion")
    boolean persistentCongestion;
}
