package org.netloop.api.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class SchemesTest {
    @Test
    void aPropertyNamesOneSchemeOrSeveral() {
        assertThat(Schemes.of("s3")).containsExactly("s3");
        assertThat(Schemes.of(new String[] {"http", "https"})).containsExactly("http", "https");
        assertThat(Schemes.of(List.of("http", "https"))).containsExactly("http", "https");
        assertThat(Schemes.of(null)).isEmpty();
        assertThat(Schemes.of(7)).isEmpty();
    }

    @Test
    void theFirstTransportOfASchemeIsFound() throws Exception {
        Transport one = (_, _) -> new Fetched(1, null);
        Transport two = (_, _) -> new Fetched(2, null);
        List<Map.Entry<Map<String, Object>, Transport>> all =
                List.of(
                        Map.entry(Map.of(), one),
                        Map.entry(Map.of(Transport.SCHEMES, "http"), one),
                        Map.entry(Map.of(Transport.SCHEMES, List.of("s3", "http")), two));
        assertThat(Schemes.find(all, "http")).isSameAs(one);
        assertThat(Schemes.find(all, "s3")).isSameAs(two);
        assertThatThrownBy(() -> Schemes.find(all, "ftp"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("no known feature provides it");
    }
}
