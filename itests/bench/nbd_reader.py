"""A reader of NBD exports in a process that runs already: no client has to be started."""

import socket
import struct


class Nbd:
    """Reads from an NBD server, one request at a time."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.get(16)
        flags = struct.unpack(">H", self.get(2))[0]
        self.socket.sendall(struct.pack(">IQIIIH", flags & 3, 0x49484156454F5054, 7, 6, 0, 0))
        while True:
            _, _, reply, length = struct.unpack(">QIII", self.get(20))
            self.get(length)
            if reply == 1:
                return
            if reply & 0x80000000:
                raise OSError(f"NBD option refused: {reply:#x}")

    def get(self, length):
        got = bytearray(length)
        view = memoryview(got)
        at = 0
        while at < length:
            read = self.socket.recv_into(view[at:])
            if read == 0:
                raise EOFError("the NBD server has gone")
            at += read
        return got

    def read(self, offset, length):
        self.socket.sendall(struct.pack(">IHHQQI", 0x25609513, 0, 0, 1, offset, length))
        error = struct.unpack(">IIQ", self.get(16))[1]
        if error:
            raise OSError(error, "NBD read")
        return self.get(length)

    def change(self, command, offset=0, length=0, data=b"", flags=0):
        """Sends another command (1 write, 3 flush, 4 trim, 6 write zeroes), and waits for its end."""
        self.socket.sendall(struct.pack(">IHHQQI", 0x25609513, flags, command, 1, offset, length) + data)
        error = struct.unpack(">IIQ", self.get(16))[1]
        if error:
            raise OSError(error, f"NBD command {command}")
