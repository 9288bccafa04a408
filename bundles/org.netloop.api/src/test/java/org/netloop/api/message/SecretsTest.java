package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://joe:hunter2@host/x",
                "HTTPS://joe:hunter2@host:8080/x: refused",
                "http://hunter2@host/x",
                "s3://key:hunter2@bucket/x",
                "//joe:hunter2@host/x",
                "http://joe:it's-hunter2@host/",
                "http://joe:hunter2@",
                "http://joe:a@hunter2@host/",
                "Illegal character in authority at index 7: http://joe:hunter2 1@127.0.0.1/",
                "'http://joe:hunter2 1@127.0.0.1/' is not a URI",
                "http://joe:pa/hunter2@host/x",
                "http://joe:pa?hunter2@host/x",
                "http://joe:hunter2",
                "http://a/,http://joe:hunter2@b/",
                "http://[joe:hunter2@::1]/",
                "two: http://a:80/ and http://joe:hunter2@b/",
                "http://h/x?sig=hunter2",
                "http://h/x?X-Amz-Credential=hunter2&X-Amz-Date=20260101T000000Z",
                "http://h/x?a=b&X-Amz-Signature=hunter2&c=d",
                "http://h/x?X-Amz-Security-Token=hunter2",
                "http://h/x?AWSAccessKeyId=hunter2&Signature=hunter2&Expires=1",
                "http://h/x?access_token=hunter2",
                "http://h/x?API_KEY=hunter2",
                "http://h/x?key=hunter2",
                "http://h/x?__token__=hunter2",
                "http://h/x?hdnts=hunter2",
                "http://h/x#access_token=hunter2",
                "http://h/x?v=hunter2abcdefghijklmnop",
                "http://h/x?hunter2abcdefghijklmnop",
                "http://h/x?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.hunter2",
                "Authorization: Basic hunter2",
                "Authorization=[AWS4-HMAC-SHA256 Credential=a/b, Signature=hunter2]",
                "proxy-authorization: hunter2 and more",
                "sends Bearer hunter2",
                "http://h/ basic joe:hunter2",
                "http://h/ bearer hunter2",
                "aws_secret_access_key = hunter2",
                "{\"password\": \"hunter2\"}",
                "<AWSAccessKeyId>hunter2</AWSAccessKeyId>",
                "token=hunter2",
            })
    void aSecretIsTakenOut(String text) {
        assertThat(Secrets.hide(text)).doesNotContain("hunter2").isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://host/",
                "http://host:8080/blocks/ab/abcdef: 3 attempts, the last: refused",
                "http://[2001:db8::1]:8080/x",
                "see http://host:8080, or ask joe@example.org",
                "http://host:8080) and http://other:1234",
                "http://m/#release-2026-11-29-stable",
                "http://m/#sha256:9f2c0011223344556677889900aabbccddeeff",
                "file:///var/lib/images/a@b.img",
                "nbd+unix:///root?socket=/run/netloop/root-0123456789abcdef.sock",
                "http://h/x?file=debian-12.5.0-amd64-netinst.iso&version=2",
                "expected http://host:8080 set by a user, as in [user:password@]host",
                "a bearer token, or basic settings",
                "volume root: 3 of 4 mirrors; org.netloop.volume~root = good",
                "the token of http://h/ is in a file",
                "unexpected token: 'x'",
            })
    void whatIsNoSecretStays(String text) {
        assertThat(Secrets.hide(text)).isEqualTo(text);
    }

    @Test
    void whatIsLeftSaysWhereItWas() {
        assertThat(Secrets.hide(URI.create("http://joe:pw@host:80/x?a=b&sig=abc&c=d#e")))
                .isEqualTo("http://host:80/x?a=b&sig=***&c=d#e");
        assertThat(Secrets.hide("https://h/ bearer abc1")).isEqualTo("https://h/ bearer ***");
    }

    @ParameterizedTest
    @CsvSource({
        "authorization, true",
        "proxy.authorization, true",
        "AWS_SECRET_ACCESS_KEY, true",
        "secret_key, true",
        "session.token, true",
        ".password, true",
        "ca_file, false",
        "key, false",
        "credentials_file, false",
        "connections, false",
    })
    void aSettingIsSecretByItsName(String name, boolean secret) {
        assertThat(Secrets.isSecret(name)).isEqualTo(secret);
    }

    /** Text from outside may be made to cost much: quadratic time would be hours here. */
    @Test
    @Timeout(300)
    void aLongTextTakesNoLongTime() {
        for (String piece :
                new String[] {
                    "//a:b ", "//", "a", "http://a:b@", "?a=", "=", "token", "a.b-", "Bearer ", "'"
                }) {
            assertThat(Secrets.hide(piece.repeat(200_000))).isNotNull();
        }
    }
}
