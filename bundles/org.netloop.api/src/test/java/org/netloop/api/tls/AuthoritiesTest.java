package org.netloop.api.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import javax.net.ssl.X509TrustManager;

class AuthoritiesTest {
    private static final String PEM =
            """
            -----BEGIN CERTIFICATE-----
            MIIBhDCCASugAwIBAgIUSB+mPTmhIbN/pg2GMEeglazay7EwCgYIKoZIzj0EAwIw
            FzEVMBMGA1UEAwwMbmV0bG9vcC10ZXN0MCAXDTI2MTEzMDA1MTA1OFoYDzIxMjYx
            MTA2MDUxMDU4WjAXMRUwEwYDVQQDDAxuZXRsb29wLXRlc3QwWTATBgcqhkjOPQIB
            BggqhkjOPQMBBwNCAARqdWo1vA5efNyUb07aafpren4Fxr5SDSQ/4mYM0zn5fVqH
            82Zc5agn0m6+ACrw5XMuF2xE4RBd6G9FObNqiHoDo1MwUTAdBgNVHQ4EFgQUs9bK
            l3t7AOZifYUvR96e79HtJDwwHwYDVR0jBBgwFoAUs9bKl3t7AOZifYUvR96e79Ht
            JDwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAourJRvJhImKPY
            DJjClRhY2JUQFor4IlBNT+QR2UWecwIgDGzbhuQEx6BZUdFCK9WYltJWMjfFWX+m
            9xjiG4jsATk=
            -----END CERTIFICATE-----
            """;

    @TempDir Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("ca.pem"), text);
    }

    @Test
    void theAuthoritiesOfTheFileAreTrustedAndNoOthers() throws Exception {
        Authorities authorities = Authorities.read(file(PEM));
        assertThat(authorities.trustManagers())
                .singleElement()
                .isInstanceOfSatisfying(
                        X509TrustManager.class,
                        manager ->
                                assertThat(manager.getAcceptedIssuers())
                                        .singleElement()
                                        .matches(
                                                one ->
                                                        one.getSubjectX500Principal()
                                                                .getName()
                                                                .equals("CN=netloop-test")));
        assertThat(authorities.context().getProtocol()).isEqualTo("TLS");
        assertThat(authorities).hasToString("1 authorities of " + directory.resolve("ca.pem"));
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws Exception {
        Path empty = file("");
        assertThatThrownBy(() -> Authorities.read(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem contains no certificate");
        Path damaged = file(PEM.replace("MII", "???"));
        assertThatThrownBy(() -> Authorities.read(damaged))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem' cannot be used");
        assertThatThrownBy(() -> Authorities.read(directory.resolve("absent.pem")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("absent.pem");
    }
}
