package org.netloop.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Kind of file that a path leads to, through symbolic links. */
enum FileKind {
    /** There is no file, or the link leads nowhere. */
    ABSENT,
    FILE,
    DIRECTORY,
    BLOCK_DEVICE,
    CHARACTER_DEVICE,
    FIFO,
    /** A socket, or what this system does not tell. */
    OTHER;

    private static final int MASK = 0xf000;

    /** Looks at it. */
    static FileKind of(Path path) throws IOException {
        if (!Files.exists(path)) {
            return ABSENT;
        }
        if (Files.isRegularFile(path)) {
            return FILE;
        }
        if (Files.isDirectory(path)) {
            return DIRECTORY;
        }
        boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        int mode =
                unix && Files.getAttribute(path, "unix:mode") instanceof Integer bits
                        ? bits & MASK
                        : 0;
        return switch (mode) {
            case 0x1000 -> FIFO;
            case 0x2000 -> CHARACTER_DEVICE;
            case 0x6000 -> BLOCK_DEVICE;
            default -> OTHER;
        };
    }
}
