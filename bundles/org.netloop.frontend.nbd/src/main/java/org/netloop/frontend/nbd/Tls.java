package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.tls.Authorities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * TLS of a place. Files that changed are read again for the next client; while they are not in
 * order, the former ones are used. Thread-safe.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** A place without TLS. */
    static final Tls NONE = new Tls(TlsSettings.NONE, Clock.systemUTC());

    private final TlsSettings settings;
    private final Clock clock;

    /** Guarded by the monitor, like the stamps of the files it was made of. */
    private @Nullable SSLContext context;

    private List<Stamp> stamps = List.of();

    /** State of a file; another one if it was replaced or written. */
    private record Stamp(@Nullable Object key, FileTime modified, long size) {
        static final Stamp ABSENT = new Stamp(null, FileTime.fromMillis(0), -1);

        static Stamp of(Path file) {
            try {
                var now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.fileKey(), now.lastModifiedTime(), now.size());
            } catch (IOException _) {
                return ABSENT;
            }
        }
    }

    private Tls(TlsSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Reads the files.
     *
     * @throws IOException if they cannot be used; the message names the file
     */
    static Tls of(TlsSettings settings, Clock clock) throws IOException {
        if (settings.files() == null) {
            return NONE;
        }
        Tls tls = new Tls(settings, clock);
        tls.load(settings.files());
        return tls;
    }

    TlsSettings settings() {
        return settings;
    }

    TlsMode mode() {
        return settings.mode();
    }

    /**
     * Returns an engine for one client, of the files as they are now.
     *
     * @throws IllegalStateException if there is no TLS
     */
    SSLEngine engine() {
        TlsSettings.Files files = settings.files();
        if (files == null) {
            throw new IllegalStateException("there is no TLS");
        }
        SSLEngine engine = current(files).createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        if (settings.certificateRequired()) {
            engine.setNeedClientAuth(true);
        } else {
            engine.setWantClientAuth(files.authoritiesOrNull() != null);
        }
        return engine;
    }

    private synchronized SSLContext current(TlsSettings.Files files) {
        if (!stamps.equals(stampsOf(files))) {
            try {
                load(files);
                LOG.info("the certificate of {} was read again", files.certificate());
            } catch (IOException e) {
                LOG.warn(
                        "the former certificate of {} stays in use: {}",
                        files.certificate(),
                        Failures.sentence(e));
            }
        }
        return Objects.requireNonNull(context);
    }

    private synchronized void load(TlsSettings.Files files) throws IOException {
        // Taken before the files are read: what is written meanwhile is read next time.
        stamps = stampsOf(files);
        Path authorities = files.authoritiesOrNull();
        Credentials own = Credentials.read(files);
        context = own.context(authorities == null ? null : Authorities.read(authorities));
        warn(own, files.keyOrNull() == null ? files.certificate() : files.keyOrNull());
    }

    private static List<Stamp> stampsOf(TlsSettings.Files files) {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file :
                new @Nullable Path[] {
                    files.certificate(),
                    files.keyOrNull(),
                    files.passwordOrNull(),
                    files.authoritiesOrNull()
                }) {
            if (file != null) {
                stamps.add(Stamp.of(file));
            }
        }
        return stamps;
    }

    private void warn(Credentials own, Path keyFile) {
        for (X509Certificate one : own.chain()) {
            if (one.getNotAfter().toInstant().isBefore(clock.instant())) {
                LOG.warn(
                        "the certificate of {} in {} expired on {}: clients will refuse it",
                        one.getSubjectX500Principal().getName(),
                        own.file(),
                        one.getNotAfter().toInstant());
            }
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(keyFile);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("every user of this host can read the private key in {}", keyFile);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the permissions of {} are unknown: {}", keyFile, e.getMessage());
        }
    }
}
