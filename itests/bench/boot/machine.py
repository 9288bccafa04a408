"""A machine in QEMU: its console with the time of each line, its monitor, and its end."""

import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import threading
import time

QEMU = "qemu-system-x86_64 -nodefaults -no-reboot -display none -serial stdio -m 1024 -smp 2"


class Machine:
    """Runs from its creation until stop; what its console says is kept."""

    def __init__(self, arguments, accelerator="tcg,thread=multi"):
        self.lines = []
        self.changed = threading.Condition()
        self.ended = None
        self.rest = ""
        self.typed = 0
        self.directory = tempfile.mkdtemp()
        self.socket = os.path.join(self.directory, "monitor")
        monitor = ["-monitor", f"unix:{self.socket},server=on,wait=off", "-accel", accelerator]
        self.began = time.monotonic()
        # A session of its own: Ctrl-C ends this program, which then ends the machine.
        self.process = subprocess.Popen(shlex.split(QEMU) + monitor + arguments, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            piece = os.read(self.process.stdout.fileno(), 65536)
            with self.changed:
                if not piece:
                    self.ended = self.age()
                    self.changed.notify_all()
                    return
                *whole, self.rest = (self.rest + piece.decode(errors="replace")).split("\n")
                self.lines += [line.strip() for line in whole]
                self.changed.notify_all()

    def age(self):
        return time.monotonic() - self.began

    def wait(self, pattern, within):
        """Seconds from the start to a line with the pattern, said since the last typed one; None if it has not come, or the machine
        has ended."""
        until = time.monotonic() + within
        with self.changed:
            while not self.says(pattern, self.typed):
                left = until - time.monotonic()
                if left <= 0 or self.ended is not None:
                    return None
                self.changed.wait(left)
        return self.age()

    def wait_end(self, within):
        """Seconds from the start to the end of the machine; None if it still runs."""
        until = time.monotonic() + within
        with self.changed:
            while self.ended is None and time.monotonic() < until:
                self.changed.wait(until - time.monotonic())
        return self.ended

    def says(self, pattern, since=0):
        """The first match in a line of the console, which may not be complete yet."""
        return next((found for found in (re.search(pattern, line) for line in [*self.lines[since:], self.rest]) if found), None)

    def type(self, text):
        """Types a line on the console."""
        self.typed = len(self.lines)
        self.process.stdin.write((text + "\n").encode())
        self.process.stdin.flush()

    def monitor(self, command):
        """Gives QEMU's monitor a command, such as 'set_link net0 off'."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(30)
            self._connect(line)
            self._prompt(line)
            line.sendall((command + "\n").encode())
            self._prompt(line)

    def _connect(self, line):
        """QEMU opens the socket some time after its start."""
        until = time.monotonic() + 30
        while line.connect_ex(self.socket):
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError("QEMU does not open its monitor")
            time.sleep(0.01)

    @staticmethod
    def _prompt(line):
        told = b""
        while not told.endswith(b"(qemu) "):
            piece = line.recv(4096)
            if not piece:
                raise RuntimeError("QEMU's monitor has gone")
            told += piece

    def faults(self):
        """Lines about input and output that failed."""
        return [line for line in self.lines if re.search(r"(?i)I/O error|EXT4-fs error|input/output|Kernel panic|\bOops:", line)]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        os.rmdir(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
