package org.netloop.cache.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;

/** A file system of a size and with free space as a test sets them. */
final class FakeStore extends FileStore {
    long total;
    long usable;

    FakeStore(long total, long usable) {
        this.total = total;
        this.usable = usable;
    }

    @Override
    public long getTotalSpace() {
        return total;
    }

    @Override
    public long getUsableSpace() {
        return usable;
    }

    @Override
    public long getUnallocatedSpace() {
        return usable;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String type() {
        return "fake";
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
        throw new UnsupportedOperationException(type.getName());
    }

    @Override
    public Object getAttribute(String attribute) {
        throw new UnsupportedOperationException(attribute);
    }
}
