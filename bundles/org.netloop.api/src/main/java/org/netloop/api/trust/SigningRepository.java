package org.netloop.api.trust;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A repository in which each document and pointer gets a statement beside it. A reader with a
 * policy takes a pointer out of its statement, so the two need not change at the same moment.
 */
final class SigningRepository implements Repository {
    private final Repository plain;
    private final Statements statements;

    SigningRepository(Repository plain, Statements statements) {
        this.plain = plain;
        this.statements = statements;
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        sign(path, bytes, kind);
        plain.put(path, bytes, kind);
    }

    @Override
    public boolean putOnce(String path, ByteBuffer bytes, Kind kind) throws IOException {
        sign(path, bytes, kind);
        return plain.putOnce(path, bytes, kind);
    }

    private void sign(String path, ByteBuffer bytes, Kind kind) throws IOException {
        // Whoever signs an object again through this repository puts its statement here.
        if (kind != Kind.BLOCK && !path.endsWith(Statement.SUFFIX)) {
            statements.put(path, bytes, kind);
        }
    }

    /** First the object: a statement of nothing is harmless. */
    @Override
    public void delete(String path) throws IOException {
        plain.delete(path);
        plain.delete(Statement.pathOf(path));
    }

    @Override
    public URI base() {
        return plain.base();
    }

    @Override
    public OptionalLong length(String path) throws IOException {
        return plain.length(path);
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws IOException {
        return plain.read(path, maxLength);
    }

    @Override
    public boolean holds(String path, Digest digest, int length) throws IOException {
        return plain.holds(path, digest, length);
    }

    @Override
    public List<String> missing(List<String> paths) throws IOException {
        return plain.missing(paths);
    }

    @Override
    public boolean showsDurableOnly() {
        return plain.showsDurableOnly();
    }

    @Override
    public ObjectWriter write(String path) throws IOException {
        return plain.write(path);
    }

    @Override
    public void sync() throws IOException {
        plain.sync();
    }

    @Override
    public Stream<Entry> list(String prefix) throws IOException {
        return plain.list(prefix);
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
