package com.example.ziprepo;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads a repository out of one zip file: {@code ziprepo:///srv/root.zip/} is the root of what is
 * in {@code /srv/root.zip}. Only fetches.
 */
@Component(service = Transport.class, property = Transport.SCHEMES + "=ziprepo")
public final class ZiprepoTransport implements Transport {
    private static final int PIECE = 64 << 10;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public ZiprepoTransport() {}

    /** An object's place: a file, and the name of an entry in it. */
    private record Place(Path file, String entry) {}

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        Place place = place(request.uri());
        try (ZipFile zip = new ZipFile(place.file().toFile())) {
            ZipEntry entry = zip.getEntry(place.entry());
            if (entry == null || entry.isDirectory()) {
                throw new FetchException.Missing(request.uri().getPath() + " is not in the file");
            }
            int wanted = wanted(request, entry, into);
            try (InputStream bytes = zip.getInputStream(entry)) {
                read(bytes, request, wanted, into);
            }
            return new Fetched(entry.getSize(), validator(entry));
        } catch (FetchException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw new FetchException.Denied(place.file() + " may not be read", e);
        } catch (IOException e) {
            throw new FetchException.Unavailable(place.file() + ": " + e.getMessage(), e);
        }
    }

    /** The first part of the path that is a file is the zip file; what follows is in it. */
    private static Place place(URI uri) throws FetchException.Missing {
        String path = uri.getPath() == null ? "" : uri.getPath();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            Path file = Path.of(path.substring(0, slash));
            if (Files.isRegularFile(file)) {
                return new Place(file, path.substring(slash + 1));
            }
        }
        throw new FetchException.Missing("no part of " + path + " is a zip file");
    }

    /** Returns the number of bytes requested, which fit into the buffer. */
    private static int wanted(FetchRequest request, ZipEntry entry, ByteBuffer into)
            throws FetchException {
        if (request.offset() > 0 && request.offset() >= entry.getSize()) {
            throw new FetchException.Corrupt(entry + " ends before byte " + request.offset());
        }
        long left = entry.getSize() - request.offset();
        boolean toEnd = request.length() == FetchRequest.TO_END;
        long wanted = toEnd ? left : Math.min(left, request.length());
        if (wanted > into.remaining()) {
            throw new FetchException.Corrupt(
                    entry + " has " + wanted + " bytes where " + into.remaining() + " belong");
        }
        return (int) wanted;
    }

    /** The size an entry tells is a claim: what is read is bounded by it, and counted. */
    private static void read(InputStream bytes, FetchRequest request, int wanted, ByteBuffer into)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        byte[] piece = new byte[PIECE];
        for (long at = 0; at < request.offset() + wanted; ) {
            if (Thread.interrupted()) {
                throw new InterruptedException("reading " + request.uri() + " was interrupted");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new FetchException.Unavailable(
                        request.uri() + " took longer than " + request.timeout(), null);
            }
            boolean skipping = at < request.offset();
            long until = skipping ? request.offset() : request.offset() + wanted;
            int count = bytes.read(piece, 0, (int) Math.min(PIECE, until - at));
            if (count < 0) {
                throw new FetchException.Corrupt(request.uri() + " ends at byte " + at);
            }
            if (!skipping) {
                into.put(piece, 0, count);
            }
            at += count;
        }
    }

    /** Changes when the bytes do. */
    private static String validator(ZipEntry entry) {
        return entry.getCrc() + "-" + entry.getSize();
    }
}
