package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class CredentialsTest {
    private static final String PASSWORD = "sesame-of-tests";

    @TempDir static Path made;
    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates =
                new Certificates(made)
                        .authority("ca")
                        .signed("server", "ca", "DNS:localhost", 2)
                        .signed("another", "ca", "DNS:localhost", 2);
    }

    private static Credentials read(String certificate, @Nullable String key) throws IOException {
        return read(certificate, key, null);
    }

    private static Credentials read(
            String certificate, @Nullable String key, @Nullable String password)
            throws IOException {
        return Credentials.read(
                new TlsSettings.Files(
                        made.resolve(certificate),
                        key == null ? null : made.resolve(key),
                        password == null ? null : made.resolve(password),
                        null));
    }

    @Test
    void keyAndCertificateMayBeInOneFileOrTwo() throws IOException {
        Files.writeString(
                made.resolve("both.pem"),
                "Bag Attributes\n"
                        + Files.readString(made.resolve("server.key"))
                        + Files.readString(made.resolve("server.pem"))
                        + "a remark\n"
                        + Files.readString(made.resolve("ca.pem")));
        assertThat(read("both.pem", null).chain()).hasSize(2);
        assertThat(read("server.pem", "server.key").chain()).hasSize(1);
        assertThat(read("both.pem", null).context(null)).isNotNull();
    }

    @Test
    void keysOfSeveralKindsAndFormsAreRead() throws Exception {
        for (String kind :
                new String[] {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384", "ed25519"}) {
            certificates.openssl(
                    "req -x509 -nodes -days 2 -subj /CN=own -out own.pem -keyout own.key -newkey "
                            + kind);
            assertThat(read("own.pem", "own.key").context(null)).isNotNull();
        }
        certificates.openssl("genrsa -traditional -out rsa.key 2048");
        assertThat(Files.readString(made.resolve("rsa.key"))).contains("BEGIN RSA PRIVATE KEY");
        certificates.openssl("req -x509 -days 2 -subj /CN=own -key rsa.key -out rsa.pem");
        assertThat(read("rsa.pem", "rsa.key").key().getAlgorithm()).isEqualTo("RSA");
    }

    @Test
    void aKeyInAFormThatIsNotReadIsNamedWithTheRemedy() throws Exception {
        certificates.openssl("ec -in server.key -out sec1.key");
        assertThatThrownBy(() -> read("server.pem", "sec1.key"))
                .hasMessageContaining("sec1.key")
                .hasMessageContaining("openssl pkcs8");
        certificates.openssl(
                "pkcs8 -topk8 -in server.key -out locked.key -passout pass:" + PASSWORD);
        assertThatThrownBy(() -> read("server.pem", "locked.key"))
                .hasMessageContaining("locked.key")
                .hasMessageContaining("PKCS#12");
        assertThatThrownBy(() -> read("server.pem", "another.key"))
                .hasMessageContaining("does not belong to");
        assertThatThrownBy(() -> read("server.pem", null))
                .hasMessageContaining("contains no private key");
        assertThatThrownBy(() -> read("server.key", "server.key"))
                .hasMessageContaining("contains no certificate");
        certificates.openssl(
                "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key");
        assertThatThrownBy(() -> read("server.pem", "pss.key"))
                .hasMessageContaining("of a kind other than RSA, EC and Ed25519");
    }

    @Test
    void pkcs12IsReadByItsPasswordWhichIsNeverShown() throws Exception {
        Files.writeString(made.resolve("password"), PASSWORD + "\n");
        certificates.openssl(
                "pkcs12 -export -in server.pem -inkey server.key -certfile ca.pem -out own.p12"
                        + " -passout file:password");
        assertThat(read("own.p12", null, "password").chain()).hasSize(2);
        Files.writeString(made.resolve("wrong"), "wrong-" + PASSWORD);
        assertThatThrownBy(() -> read("own.p12", null, "wrong"))
                .hasMessageContaining("own.p12")
                .hasMessageContaining("tls.password.file")
                .hasMessageNotContaining(PASSWORD);
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        for (Map<String, String> bad :
                List.of(
                        Map.of("tls", "required"),
                        Map.of("tls", "yes", "tls.certificate", "x"),
                        Map.of("tls", "off", "tls.certificate", "x"),
                        Map.of("tls.key", "x"),
                        Map.of("tls.clients", "cn:x"),
                        Map.of("tls.certificate", "x", "tls.clients", "cn:x"),
                        Map.of("tls.certificate", "x", "tls.client.certificate", "required"),
                        Map.of(
                                "tls.certificate",
                                "x",
                                "tls.client.authorities",
                                "y",
                                "tls.client.certificate",
                                "maybe"))) {
            assertThatThrownBy(() -> TlsSettings.of(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tls");
        }
        assertThat(TlsSettings.of(Map.of("tls.certificate", "x")).mode())
                .isEqualTo(TlsMode.REQUIRED);
        for (String bad : new String[] {"", "alice", "cn:", "cn:a,,cn:b", "dn:CN=a"}) {
            assertThatThrownBy(() -> ClientNames.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tls.clients");
        }
    }
}
