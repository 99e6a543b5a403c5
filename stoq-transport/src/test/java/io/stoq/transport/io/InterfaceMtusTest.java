package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;

class InterfaceMtusTest {

    private final InterfaceMtus mtus = new InterfaceMtus();

    @Test
    void anAddressLeadsToTheMtuOfItsInterface() throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        assertEquals(InterfaceMtus.UNKNOWN, mtus.known(loopback));
        assertTrue(mtus.isStale(loopback));
        int mtu = NetworkInterface.getByInetAddress(loopback).getMTU();
        assertTrue(mtu >= 1280);
        assertEquals(mtu, mtus.lookUp(loopback));
        assertEquals(mtu, mtus.known(loopback));
        assertFalse(mtus.isStale(loopback));
    }

    @Test
    void addressesOfNoInterfaceAreUnknown() throws Exception {
        for (String address : new String[] {"2001:db8::1", "::"}) {
            InetAddress foreign = InetAddress.getByName(address);
            assertEquals(InterfaceMtus.UNKNOWN, mtus.lookUp(foreign));
            assertFalse(mtus.isStale(foreign), "and are not looked up again at once");
        }
    }

    @Test
    void theRoutingTableKnowsTheSourceAddress() throws Exception {
        assertEquals(InetAddress.getByName("::1"), InterfaceMtus.sourceTowards(new InetSocketAddress("::1", 4433)));
        assertThrows(IOException.class, () -> InterfaceMtus.sourceTowards(new InetSocketAddress("fe80::1", 4433)));
    }
}
