package org.netloop.frontend.devfuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mount.MountOptions;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Answers what is asked of names and attributes, none of which waits. Thread-safe. */
final class Naming {
    private static final int ACCESS_MODE = 3;
    private static final int SIZE_IS_SET = 1 << 3;

    /** Places in a listing: the directory, its parent, then the entries. */
    private static final int DOT = 1;

    private static final int DOTS = 2;

    private final Device device;
    private final Nodes nodes;
    private final Fields fields;
    private final boolean writes;

    /** Texts as they were when they were opened: who reads one to its end reads one state. */
    private final Map<Long, byte[]> texts = new ConcurrentHashMap<>();

    private final AtomicLong handles = new AtomicLong();

    Naming(Device device, Nodes nodes, Fields fields, boolean writes) {
        this.device = device;
        this.nodes = nodes;
        this.fields = fields;
        this.writes = writes;
    }

    /** Returns what a request is about; null if it is not there. */
    @Nullable Node target(Request request) {
        if (request.opcode() == Request.LOOKUP) {
            String name = request.name();
            return request.node() == Node.ROOT && name != null ? nodes.byName(name) : null;
        }
        return nodes.byId(request.node());
    }

    /**
     * Returns whether a request is about an entry that is not there and may be of those that a
     * former process had.
     */
    boolean isMissing(Request request) {
        if (target(request) != null) {
            return false;
        }
        String name = request.opcode() == Request.LOOKUP ? request.name() : MountOptions.IMAGE;
        return name != null
                && (name.endsWith(MountOptions.IMAGE) || name.endsWith(MountOptions.STATUS));
    }

    void answer(Request request, Reply reply) {
        long unique = request.unique();
        Node node = target(request);
        if (node == null) {
            boolean lookup = request.opcode() == Request.LOOKUP;
            reply.fail(device, unique, lookup ? Errno.ENOENT : Errno.ENOTCONN);
            return;
        }
        switch (request.opcode()) {
            case Request.LOOKUP -> {
                fields.entry(reply.fields(Fields.ENTRY), node);
                reply.send(device, unique, Fields.ENTRY);
            }
            case Request.GETATTR -> sendAttributes(unique, node, reply);
            case Request.SETATTR -> setAttributes(request, node, reply);
            case Request.OPEN -> open(request, node, reply);
            case Request.OPENDIR -> sendOpened(unique, 0, 0, reply);
            case Request.READDIR -> list(request, reply);
            case Request.RELEASE -> {
                texts.remove(request.handle());
                reply.send(device, unique, 0);
            }
            case Request.RELEASEDIR -> reply.send(device, unique, 0);
            case Request.STATFS -> {
                Fields.statistics(reply.fields(Fields.STATISTICS), nodes.count());
                reply.send(device, unique, Fields.STATISTICS);
            }
            default -> reply.fail(device, unique, Errno.ENOSYS);
        }
    }

    private void sendAttributes(long unique, Node node, Reply reply) {
        fields.attributes(reply.fields(Fields.ATTRIBUTES), node);
        reply.send(device, unique, Fields.ATTRIBUTES);
    }

    /** A volume keeps its size, as a device does, and all else that could be set. */
    private void setAttributes(Request request, Node node, Reply reply) {
        boolean same =
                isWritable(node)
                        && (request.word(0) & SIZE_IS_SET) != 0
                        && request.number(16) == node.size();
        if (same) {
            sendAttributes(request.unique(), node, reply);
        } else {
            reply.fail(device, request.unique(), Errno.EPERM);
        }
    }

    private boolean isWritable(Node node) {
        return writes && node instanceof Node.Image image && image.volume().isWritable();
    }

    private void open(Request request, Node node, Reply reply) {
        long unique = request.unique();
        if ((request.word(0) & ACCESS_MODE) != 0 && !isWritable(node)) {
            reply.fail(device, unique, Errno.EROFS);
            return;
        }
        switch (node) {
            case Node.Image _ ->
                    sendOpened(
                            unique,
                            0,
                            Fields.KEEP_CACHE | Fields.NOFLUSH | Fields.PARALLEL_DIRECT_WRITES,
                            reply);
            case Node.Status status -> {
                long handle = handles.incrementAndGet();
                texts.put(handle, status.text());
                // Past the page cache, which would end it at the length it had when looked at.
                sendOpened(unique, handle, Fields.DIRECT_IO, reply);
            }
            case Node.Folder _, Node.Top _ -> reply.fail(device, unique, Errno.EISDIR);
        }
    }

    private void sendOpened(long unique, long handle, int ways, Reply reply) {
        Fields.opened(reply.fields(Fields.OPENED), handle, ways);
        reply.send(device, unique, Fields.OPENED);
    }

    /** Answers a read of what is no image: a text that a former process opened is made anew. */
    void read(Request request, Node node, Reply reply) {
        long unique = request.unique();
        if (!(node instanceof Node.Status status)) {
            reply.fail(device, unique, Errno.EISDIR);
            return;
        }
        byte[] known = texts.get(request.handle());
        byte[] text = known == null ? status.text() : known;
        long offset = request.offset();
        long left = offset < 0 ? 0 : Math.max(0, text.length - offset);
        int count = (int) Math.min(Math.clamp(request.size(), 0, reply.most()), left);
        if (count > 0) {
            reply.data(count).put(text, (int) offset, count);
        }
        reply.send(device, unique, count);
    }

    private void list(Request request, Reply reply) {
        int room = Math.clamp(request.size(), 0, reply.most());
        int length = 0;
        if (request.node() == Node.ROOT) {
            length = list(request.offset(), reply.body().asSlice(0, room));
        }
        reply.send(device, request.unique(), length);
    }

    private int list(long from, MemorySegment into) {
        Node top = Nodes.TOP;
        int at = 0;
        if (from < DOT) {
            at = Fields.dirent(into, at, top, ".", DOT);
        }
        if (from < DOTS) {
            at = Fields.dirent(into, at, top, "..", DOTS);
        }
        for (Nodes.Entry entry : nodes.after(Math.max(from, DOTS))) {
            int next = Fields.dirent(into, at, entry.node(), entry.node().name(), entry.order());
            if (next == at) {
                break;
            }
            at = next;
        }
        return at;
    }
}
