#!/usr/bin/env python3
"""Stands for systemd: runs a command, keeps the descriptors that it stores, and starts it again with them whenever it ends.

usage: manager.py COMMAND [ARGUMENT]...

Speaks the protocol of sd_notify(3) and sd_listen_fds(3) as systemd does with FileDescriptorStoreMax=64 and Restart=always: descriptors come
with FDSTORE=1 and FDNAME, are dropped by FDSTOREREMOVE=1 or when they hang up, and are passed from number 3 on. SIGTERM stops the service:
the command gets SIGTERM, then everything is dropped. Prints a line for each: 'started PID NAMES', 'stored NAME', 'removed NAME', 'ready'."""
import array
import fcntl
import os
import select
import signal
import socket
import sys
import tempfile

MOST = 64


def say(*words):
    print(*words, flush=True)


class Manager:
    def __init__(self, command, directory):
        self.command, self.store, self.child, self.stopping = command, [], None, False
        self.path = f"{directory}/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)

    def start(self):
        self.drop_dead()
        passed = list(self.store)
        self.child = os.fork()
        if self.child == 0:
            environment = dict(os.environ, NOTIFY_SOCKET=self.path, FDSTORE=str(MOST))
            if passed:
                environment.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(passed)),
                                   LISTEN_FDNAMES=":".join(name for name, _ in passed))
            for i, (_, descriptor) in enumerate(passed):
                os.dup2(descriptor, 3 + i)
            os.execvpe(self.command[0], self.command, environment)
        say("started", self.child, ":".join(name for name, _ in passed) or "-")

    def drop_dead(self):
        """As systemd does: what hangs up is of no use any more."""
        poll = select.poll()
        for _, descriptor in self.store:
            poll.register(descriptor, 0)
        dead = {descriptor for descriptor, _ in poll.poll(0)}
        self.drop(lambda name, descriptor: descriptor in dead)

    def drop(self, which):
        for name, descriptor in [each for each in self.store if which(*each)]:
            os.close(descriptor)
            self.store.remove((name, descriptor))
            say("removed", name)

    def receive(self):
        try:
            data, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(4 * 16))
        except BlockingIOError:
            return
        descriptors = array.array("i")
        for _, _, content in ancillary:
            descriptors.frombytes(content[:len(content) - len(content) % 4])
        told = dict(line.split("=", 1) for line in data.decode().splitlines())
        name = told.get("FDNAME", "stored")
        if told.get("FDSTORE") == "1":
            for descriptor in descriptors:
                # Far from the numbers that are passed.
                self.store.append((name, fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)))
                os.close(descriptor)
                say("stored", name)
        if told.get("FDSTOREREMOVE") == "1":
            self.drop(lambda known, _: known == name)
        if told.get("READY") == "1":
            say("ready")

    def stop(self, *_):
        self.stopping = True
        os.kill(self.child, signal.SIGTERM)

    def run(self):
        signal.signal(signal.SIGTERM, self.stop)
        self.start()
        while True:
            select.select([self.socket], [], [], 0.02)
            self.receive()
            ended, _ = os.waitpid(self.child, os.WNOHANG)
            if ended and self.stopping:
                break
            if ended:
                self.receive()
                self.start()
        self.drop(lambda name, descriptor: True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="manager-") as place:
        Manager(sys.argv[1:], place).run()
