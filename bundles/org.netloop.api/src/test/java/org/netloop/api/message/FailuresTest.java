package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.UnmappableCharacterException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.cert.CertificateException;
import java.security.spec.InvalidKeySpecException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

class FailuresTest {
    private static final String PLACE =
            "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);"
                    + " line: 3, column: 8]";
    private static final String JSON_ENDS =
            "Unexpected end-of-input: expected close marker for Object (start marker at "
                    + PLACE.replace("3", "1")
                    + ")\n at "
                    + PLACE;
    private static final String JSON_IS_DEEP =
            "Document nesting depth (9) exceeds the maximum allowed (8, from"
                    + " `StreamReadConstraints.getMaxNestingDepth()`)";

    static Stream<Throwable> whatAUserCanCause() {
        return Stream.of(
                new NoSuchFileException("/a/b"),
                new AccessDeniedException("/a/b"),
                new NotDirectoryException("/a/b"),
                new FileAlreadyExistsException("/a/b"),
                new DirectoryNotEmptyException("/a/b"),
                new FileSystemException("/a/b"),
                new FileSystemException("/a/b", "/c", "Invalid cross-device link"),
                new FileNotFoundException("/a/b (No such file or directory)"),
                new IOException("Is a directory"),
                new IOException("No space left on device"),
                new IOException("Broken pipe"),
                new IOException((String) null),
                new IOException("/a/b", new NoSuchFileException("/a/b")),
                new EOFException(),
                new InvalidPathException("gr\u00f6\u00dfe", "Malformed input or input contains"),
                new InvalidPathException("a\0b", "Nul character not allowed"),
                new UncheckedIOException(new NoSuchFileException("/a/b")),
                new ExecutionException(new NoSuchFileException("/a/b")),
                new CompletionException(new NoSuchFileException("/a/b")),
                new IllegalStateException(new NoSuchFileException("/a/b")),
                new UnknownHostException("mirror.example"),
                new ConnectException("Connection refused"),
                new ConnectException(),
                new BindException("Address already in use"),
                new SocketTimeoutException("Read timed out"),
                new TimeoutException(),
                new SSLHandshakeException("(certificate_unknown) PKIX path building failed"),
                new UnresolvedAddressException(),
                new AsynchronousCloseException(),
                new ClosedByInterruptException(),
                new InterruptedException());
    }

    static Stream<Throwable> whatAMachineOrATextCanCause() {
        return Stream.of(
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError(),
                new UnsatisfiedLinkError("libfuse.so.2: cannot open shared object file"),
                new UnsatisfiedLinkError("/tmp/x.so: failed to map segment from shared object"),
                new UnsupportedClassVersionError("a/B has been compiled by 70.0"),
                new NumberFormatException("For input string: \"x\""),
                new IllegalArgumentException("No enum constant java.lang.Thread.State.RUNS"),
                new MalformedInputException(1),
                new UnmappableCharacterException(1),
                new InvalidKeySpecException("java.security.InvalidKeyException: it is short"),
                new CertificateException("it is damaged: java.io.IOException: it ended"),
                new IOException(JSON_ENDS),
                new IOException(JSON_IS_DEEP));
    }

    @ParameterizedTest
    @MethodSource({"whatAUserCanCause", "whatAMachineOrATextCanCause"})
    void aSentenceHasNoClassNameAndIsMoreThanAPath(Throwable failure) {
        String sentence = Failures.sentence(failure);

        assertThat(sentence).contains(" ").doesNotContain("Exception", "java.", "null");
        assertThat(sentence)
                .doesNotContain("internal error", "\n", "`")
                .isNotEqualTo("Is a directory");
    }

    @Test
    void aFileIsNamedWithWhatIsWrongWithIt() {
        assertThat(Failures.sentence(new NoSuchFileException("/a"))).isEqualTo("/a does not exist");
        assertThat(
                        Failures.sentence(
                                new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("/a: the file system is full");
    }

    @Test
    void aMessageThatEndsInTheBareOneOfItsCauseEndsInASentence() {
        NoSuchFileException cause = new NoSuchFileException("/etc/a.json");

        assertThat(Failures.sentence(new IOException("it cannot start: /etc/a.json", cause)))
                .isEqualTo("it cannot start: /etc/a.json does not exist");
        assertThat(Failures.sentence(new IOException("it cannot start: " + cause, cause)))
                .isEqualTo("it cannot start: /etc/a.json does not exist");
        assertThat(
                        Failures.sentence(
                                new IOException(
                                        "it cannot start: null", new IllegalStateException(cause))))
                .isEqualTo("it cannot start: /etc/a.json does not exist");
    }

    @Test
    void aMessageForPeopleIsKept() {
        assertThat(Failures.sentence(new IOException("no codec 'x' is installed", new Exception())))
                .isEqualTo("no codec 'x' is installed");
    }

    @Test
    void theFuseLibraryIsNamedByItsPackages() {
        assertThat(Failures.sentence(new UnsatisfiedLinkError("could not load libfuse.so.2")))
                .contains("libfuse2 (Debian)", "fuse-libs (Fedora)", "fuse (Alpine)");
    }

    @Test
    void textFromOutsideIsPrintable() {
        assertThat(Failures.sentence(new IOException("header \u001b[2J is\nbad")))
                .isEqualTo("header \\x1b[2J is\\nbad");
    }

    @Test
    void aDefectSaysWhereItIs() {
        NullPointerException defect = new NullPointerException("x is null");

        assertThat(Failures.isDefect(defect)).isTrue();
        assertThat(Failures.sentence(defect)).contains("internal error", "FailuresTest", "report");
        assertThat(Failures.isDefect(new IOException("x"))).isFalse();
        assertThat(Failures.isDefect(new IllegalArgumentException("no size: 'x'"))).isFalse();
    }

    @Test
    void aLoopOfCausesEnds() {
        IOException one = new IOException("/a");
        one.initCause(new IOException("/b", one));

        assertThat(Failures.sentence(one)).isNotEmpty();
    }
}
