package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tests the sentence that each common failure becomes. */
class SentencesTest {
    private record Told(Throwable failure, String sentence) {}

    private static final String UNKNOWN =
            " is not known: check its name and the resolver (/etc/resolv.conf)";

    private static Stream<Told> files() {
        return Stream.of(
                new Told(
                        new AccessDeniedException("/a"),
                        "/a cannot be accessed: permission denied for this user"),
                new Told(new NotDirectoryException("/a"), "/a is not a directory"),
                new Told(new FileAlreadyExistsException("/a"), "/a exists already"),
                new Told(new DirectoryNotEmptyException("/a"), "directory /a is not empty"),
                new Told(
                        new FileSystemLoopException("/a"),
                        "/a has symbolic links that lead in a circle"),
                new Told(new NotLinkException("/a"), "/a is not a symbolic link"),
                new Told(
                        new AtomicMoveNotSupportedException("/a", "/b", "x"),
                        "/a cannot be renamed to /b: other file system"),
                new Told(
                        new FileSystemException("/a", "/b c", "File too large"),
                        "/a and '/b c': it is larger than the file system, or the limit of the"
                                + " process (ulimit -f), allows"),
                new Told(
                        new FileSystemException(
                                "/a",
                                null,
                                "Too many levels of symbolic links or unable to access attributes"
                                        + " of symbolic link"),
                        "/a: its symbolic links lead in a circle"),
                new Told(
                        new FileSystemException("/a", null, "No such device or address"),
                        "/a: it is a socket, or a device that is not there"),
                new Told(new FileSystemException("/a b", null, " "), "'/a b': it cannot be used"),
                new Told(new FileSystemException("", null, "odd"), "'': odd"),
                new Told(
                        new FileSystemException(null, null, "Stale file handle"),
                        "a file: the file server has removed it"));
    }

    private static Stream<Told> names() {
        return Stream.of(
                new Told(
                        new InvalidPathException("a\0b", "Nul character not allowed"),
                        "a\\x00b cannot be the name of a file: it has a zero character"),
                new Told(
                        new InvalidPathException("x", "odd letters"),
                        "x cannot be the name of a file: odd letters"),
                new Told(
                        new InvalidPathException("x", "Malformed input or input contains"),
                        "the name x has letters that this locale has not: set LC_ALL=C.UTF-8"));
    }

    private static Stream<Told> streams() {
        return Stream.of(
                new Told(
                        new IOException("/a/b: No space left on device"),
                        "/a/b: the file system is full"),
                new Told(new IOException("odd: words of it"), "odd: words of it"),
                new Told(
                        new ClosedChannelException(),
                        "the file or connection was closed meanwhile"),
                new Told(
                        new ZipException("zip END header not found"),
                        "it is not a zip file, or a damaged one"),
                new Told(new EOFException(), "it ended too early"),
                new Told(new EOFException("7 of 9 bytes"), "7 of 9 bytes"));
    }

    private static Stream<Told> network() {
        return Stream.of(
                new Told(new UnknownHostException("m.example"), "the host m.example" + UNKNOWN),
                new Told(new UnknownHostException(), "the host" + UNKNOWN),
                new Told(
                        new UnknownHostException("m.example: Name or service not known"),
                        "the host m.example" + UNKNOWN),
                new Told(
                        new UnknownHostException("m.example: Temporary failure in name resolution"),
                        "the host m.example" + UNKNOWN),
                new Told(new UnknownHostException("no host of mirror m"), "no host of mirror m"),
                new Told(new UnresolvedAddressException(), "the host is not known to the resolver"),
                new Told(
                        new UnsupportedAddressTypeException(),
                        "this machine has no network of the address's kind (IPv4 or IPv6)"),
                new Told(
                        new BindException("Address already in use"),
                        "the address is in use already, or not one of this machine's"),
                new Told(
                        new BindException("port 80: Address already in use"),
                        "port 80: Address already in use"),
                new Told(new NoRouteToHostException("No route to host"), "no route to the host"),
                new Told(
                        new NoRouteToHostException("mirror m.example: there is no route to it"),
                        "mirror m.example: there is no route to it"),
                new Told(
                        new ConnectException("Connection refused"),
                        "the connection was refused: nothing listens there"),
                new Told(new ConnectException("Connection timed out (x)"), "no answer in time"),
                new Told(new ConnectException("nobody is at m:80"), "nobody is at m:80"),
                new Told(new SocketTimeoutException("Read timed out"), "no answer in time"),
                new Told(
                        new SocketTimeoutException("mirror m.example did not answer in 10 s"),
                        "mirror m.example did not answer in 10 s"),
                new Told(new TimeoutException(), "it took too long"),
                new Told(
                        new TimeoutException("mirror m.example was asked for 10 s"),
                        "mirror m.example was asked for 10 s"));
    }

    private static Told tls(Throwable cause, String sentence) {
        return new Told(new SSLHandshakeException("x").initCause(cause), sentence);
    }

    private static Stream<Told> secured() {
        return Stream.of(
                tls(new CertificateExpiredException(), "the server's certificate has expired"),
                tls(
                        new IOException(new CertificateNotYetValidException()),
                        "the server's certificate is not valid yet: check this machine's clock"),
                tls(
                        new IOException("unable to find valid certification path to target"),
                        "the server's certificate is not signed by an authority that this machine"
                                + " trusts"),
                new Told(
                        new SSLException("Unsupported or unrecognized SSL message"),
                        "the server does not speak TLS: use http: instead of https:"),
                new Told(
                        new SSLPeerUnverifiedException("no name"),
                        "the server's identity is not proved: no name"),
                new Told(
                        new SSLHandshakeException("no cipher"),
                        "TLS could not be agreed on: no cipher"),
                new Told(new SSLException(""), "TLS failed: no reason was given"));
    }

    private static Stream<Told> process() {
        return Stream.of(
                new Told(
                        new OutOfMemoryError("unable to create native thread: x"),
                        "the system allows no further thread: raise the limit of processes (ulimit"
                                + " -u)"),
                new Told(
                        new OutOfMemoryError("Java heap space"),
                        "the memory of the process does not suffice (java heap space): give the"
                                + " heap more with NETLOOP_JAVA_OPTS=-Xmx1g"),
                new Told(
                        new UnsatisfiedLinkError("no x in path"),
                        "a native library cannot be loaded: no x in path"),
                new Told(
                        new NoClassDefFoundError("Could not initialize class a.B"),
                        "a part of it failed before and stays unusable: Could not initialize class"
                                + " a.B"),
                new Told(
                        new NoClassDefFoundError("a/B"),
                        "the class a.B is missing from its libraries"),
                new Told(
                        new IncompatibleClassChangeError("a.B has changed"),
                        "its classes do not fit together: a.B has changed"),
                new Told(
                        new NumberFormatException("For input string: \"x\""),
                        "\"x\" is not a number, or is too large"),
                new Told(new NumberFormatException(""), "a number was expected"),
                new Told(new NumberFormatException("odd one"), "a number was expected: odd one"),
                new Told(new IOException(), "it failed for an unknown reason (io)"));
    }

    @ParameterizedTest
    @MethodSource({"files", "names", "streams", "network", "secured", "process"})
    void aFailureIsASentence(Told told) {
        assertThat(Failures.sentence(told.failure())).isEqualTo(told.sentence());
    }

    @ParameterizedTest
    @CsvSource({
        "0,             0 B",
        "1023,          1023 B",
        "1024,          1.0 KiB",
        "1536,          1.5 KiB",
        "1048576,       1.0 MiB",
        "1288490189,    1.2 GiB",
        "1125899906842624, 1.0 PiB"
    })
    void sizesAreForPeople(long bytes, String text) {
        assertThat(Sizes.human(bytes)).isEqualTo(text);
    }

    @Test
    void theSystemsWordsForFilesAreExplained() {
        List<String> same = new ArrayList<>();
        for (String reason :
                List.of(
                        "Disk quota exceeded",
                        "Read-only file system",
                        "Operation not permitted",
                        "Not a directory",
                        "Too many open files",
                        "Input/output error",
                        "Device or resource busy",
                        "Bad file descriptor")) {
            if (FileFailures.explained(reason).equals(reason)) {
                same.add(reason);
            }
        }
        assertThat(same).isEmpty();
    }

    @Test
    void aFileInPlaceOfADirectoryIsNamedInsteadOfWhatWouldBeInIt(@TempDir Path directory)
            throws IOException {
        Path file = Files.createFile(directory.resolve("image"));
        Path loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        for (Path obstacle : new Path[] {file, loop}) {
            assertThatThrownBy(() -> Files.createDirectory(obstacle.resolve("uses")))
                    .satisfies(
                            failure ->
                                    assertThat(Failures.sentence(failure))
                                            .isEqualTo(obstacle + " is not a directory"));
        }
    }
}
