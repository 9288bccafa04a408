package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;

/** Tests the names by which clients may call the server. */
class GuardHostTest {
    private static boolean isOwn(String host, String local) throws Exception {
        return new Guard(Set.of(), 1).isOwn(host, InetAddress.ofLiteral(local));
    }

    @ParameterizedTest
    @CsvSource({
        "[::1]:9639, ::1",
        "[::1], ::1",
        "[2001:db8::5]:9639, 2001:db8::5",
        "[2001:DB8:0::0:5]:9639, 2001:db8::5",
        "192.0.2.1:9639, 192.0.2.1"
    })
    void itsAddressIsOneAsClientsWriteIt(String host, String local) throws Exception {
        assertThat(isOwn(host, local)).isTrue();
    }

    @Test
    void theZoneOfItsAddressIsNotAsked() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::5").getAddress();
        InetAddress local = Inet6Address.getByAddress("", linkLocal, 2);
        Guard guard = new Guard(Set.of(), 1);
        assertThat(guard.isOwn("[fe80::5]:9639", local)).isTrue();
        assertThat(guard.isOwn("[fe80::5%25eth0]:9639", local)).isTrue();
        assertThat(guard.isOwn("[fe80::6]:9639", local)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "[::2]:9639, ::1",
        "::1, ::1",
        "[], ::1",
        "[::1]evil.example, ::1",
        "[localhost]:9639, ::1",
        "192.0.2.2:9639, 192.0.2.1"
    })
    void anotherOneIsNot(String host, String local) throws Exception {
        assertThat(isOwn(host, local)).isFalse();
    }
}
