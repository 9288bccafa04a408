package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tests which origin receives which credentials, and what is shown of them. */
class CredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "https://host/, true",
        "https://host/repo/blocks/ab, true",
        "https://host:443/repo, true",
        "https://HOST/repo, true",
        "http://host/repo, false",
        "https://host:444/repo, false",
        "https://host.evil/repo, false",
        "https://evil/?https://host/, false",
    })
    void aTokenIsForItsOrigin(URI uri, boolean told) {
        Credentials credentials = new Credentials(List.of("https://host/ bearer t0ken"));
        assertThat(credentials.header(uri)).isEqualTo(told ? "Bearer t0ken" : null);
    }

    @Test
    void aTokenMayBeForAPath() {
        Credentials credentials =
                new Credentials(
                        List.of("https://host/a/ bearer one", "https://host/ basic me:two"));
        assertThat(credentials.header(URI.create("https://host/a/b"))).isEqualTo("Bearer one");
        assertThat(credentials.header(URI.create("https://host/b"))).isEqualTo("Basic bWU6dHdv");
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/a, true",
        "https://host/a/b, true",
        "https://host/a.b/..c/d, false",
        "https://host/ab, false",
        "https://host/a/../admin, false",
        "https://host/a/%2e%2E/admin, false",
    })
    void aPathCoversWhatIsBelowIt(URI uri, boolean told) {
        Credentials credentials = new Credentials(List.of("https://host/a bearer one"));
        assertThat(credentials.header(uri)).isEqualTo(told ? "Bearer one" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "bearer, https://host/x, true",
        "bearer, https://evil/x, false",
        "redirected-bearer, https://cdn/x, true",
    })
    void aRedirectUsesCredentialsOnlyWhereTheyAreMeantForIt(String kind, URI asked, boolean told) {
        Credentials credentials = new Credentials(List.of("https://host/ " + kind + " one"));
        assertThat(credentials.header(URI.create("https://host/admin?delete=all"), asked))
                .isEqualTo(told ? "Bearer one" : null);
    }

    @Test
    void secretsAreReadFromFiles(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "me:two\n");
        Credentials credentials =
                new Credentials(
                        List.of(
                                "https://a/ basic-file " + secret,
                                "https://b/ bearer-file " + secret));
        assertThat(credentials.header(URI.create("https://a/x"))).isEqualTo("Basic bWU6dHdv");
        assertThat(credentials.header(URI.create("https://b/x"))).isEqualTo("Bearer me:two");
        assertThatThrownBy(() -> new Credentials(List.of("https://a/ basic-file /no/such/file")))
                .hasMessageContaining("/no/such/file");
    }

    @Test
    void aFileNamedByTheEnvironmentKeepsThemOffTheCommandLine(@TempDir Path directory)
            throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("credentials"),
                        "# mine\n\nhttps://a/ basic me:two\nhttps://b/ bearer t0ken\n");
        Map<String, String> environment = Map.of("NETLOOP_HTTP_CREDENTIALS", file.toString());
        Credentials credentials =
                new Credentials(
                        Credentials.lines(List.of("https://a/x/ bearer first"), environment));
        assertThat(credentials.header(URI.create("https://a/x/y"))).isEqualTo("Bearer first");
        assertThat(credentials.header(URI.create("https://a/y"))).isEqualTo("Basic bWU6dHdv");
        assertThat(credentials.header(URI.create("https://b/y"))).isEqualTo("Bearer t0ken");
        Files.delete(file);
        assertThatThrownBy(() -> Credentials.lines(List.of(), environment))
                .hasMessageContaining("NETLOOP_HTTP_CREDENTIALS")
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sesame",
                "https://host basic me:sesame",
                "https://host/ digest me:sesame",
                "me:sesame%zz https://host/ basic",
                "ht tp://me:sesame@host/ basic x",
                "host/ basic me:sesame",
            })
    void aLineThatIsNotUnderstoodIsNotShown(String line) {
        assertThatThrownBy(() -> new Credentials(List.of(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authorization 1")
                .hasMessageNotContaining("sesame");
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:sesame@host/a@b, http://host/a@b",
        "http://me:sesame@bad_host/a, http://bad_host/a",
        "http://me:sesame@host:99/a?x=y@z#f, http://host:99/a?x=y@z#f",
        "http://host/me:pw@x, http://host/me:pw@x",
        "http://host?q=@, http://host?q=@",
    })
    void aPasswordIsNotPartOfWhatIsAskedFor(String uri, String shown) {
        assertThat(Credentials.bare(URI.create(uri))).hasToString(shown);
    }

    @Test
    void whatTheUriSaysIsCarriedToItsOwnOriginOnly() {
        URI from = URI.create("http://me:s%40same$1@host/a");
        assertThat(Credentials.carried(from, URI.create("http://HOST:80/b")))
                .hasToString("http://me:s%40same$1@HOST:80/b");
        assertThat(Credentials.carried(from, URI.create("https://host/b")))
                .hasToString("https://host/b");
    }
}
