package org.netloop.api.systemd;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Functions of the C library that the JDK has no methods for. Stateless. */
final class CLibrary {
    /** O_CLOEXEC, SOCK_CLOEXEC of Linux: no program that is started has the descriptor. */
    static final int CLOSE_ON_EXEC = 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();

    private CLibrary() {}

    /** Returns a function that every C library of Linux has. */
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(address, type, options);
    }

    /** Returns a function that only some have. */
    static Optional<MethodHandle> optional(String name, FunctionDescriptor type) {
        return LINKER.defaultLookup()
                .find(name)
                .map(address -> LINKER.downcallHandle(address, type));
    }
}
