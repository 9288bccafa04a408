package org.netloop.engine.volume;

/** Exceptions that a plugin may throw although its contract does not list them. */
enum Misdeed {
    RUNTIME {
        @Override
        void commit() {
            throw new IllegalStateException("on request");
        }
    },
    LINKAGE {
        @Override
        void commit() {
            throw new NoClassDefFoundError("on request");
        }
    },
    STACK {
        @Override
        @SuppressWarnings("InfiniteRecursion") // That is the misdeed.
        void commit() {
            commit();
        }
    },
    MEMORY {
        @Override
        void commit() {
            throw new OutOfMemoryError("on request of " + new long[Integer.MAX_VALUE].length);
        }
    },
    CHECKED {
        @Override
        void commit() {
            Misdeed.<RuntimeException>sneak(new Exception("on request"));
        }
    },
    UNSPEAKABLE {
        @Override
        void commit() {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("no message either");
                }
            };
        }
    };

    abstract void commit();

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
