"""What the programs of this directory run beside each other, and end whatever happens."""

import os
import re
import signal
import socket
import subprocess
import time

NGINX = """daemon off; worker_processes 1; user root; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 2048; }}
http {{ log_format bytes '$request_method $uri $body_bytes_sent'; access_log {1}; sendfile on; tcp_nodelay on;
keepalive_requests 1000000; default_type application/octet-stream; client_body_temp_path {0}; proxy_temp_path {0};
fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0}; server {{ listen 127.0.0.1:{2}; root {3}; {4} }} }}
"""


def run(command, **more):
    """Runs a command to its end; (wall seconds, standard output)."""
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command}: {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return took, done.stdout.decode(errors="replace")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(address):
    """Whether somebody takes connections at the path of a socket, or at a host and port."""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        return probe.connect_ex(address) == 0


class Server:
    """A process in a session of its own, which serves until it is stopped."""

    def __init__(self, command, ready=lambda: True, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.DEVNULL)
        self.process = subprocess.Popen(command, start_new_session=True, **more)
        end = time.time() + 120
        while not ready():
            if time.time() > end or self.process.poll() is not None:
                self.stop()
                raise RuntimeError(f"{command} does not get ready")
            time.sleep(0.005)

    def cpu(self):
        """Processor time so far, with that of its children, in seconds."""
        ticks = 0
        for pid in run(["ps", "-o", "pid=", "--sid", str(self.process.pid)])[1].split():
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self, what):
        """A line of the kernel's status of it: VmRSS, what is resident, or VmHWM, the most that was; in MiB."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(what + r":\s+(\d+)", status).group(1)) / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Nginx(Server):
    """nginx over a directory; with an access log, if that is wanted, of 'method path bytes' in {directory}/access.log."""

    def __init__(self, directory, root, log=False, also=""):
        # nginx takes relative paths from its own directory.
        directory, root = os.path.abspath(directory), os.path.abspath(root)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        access = f"{directory}/access.log bytes" if log else "off"
        with open(f"{directory}/nginx.conf", "w") as file:
            file.write(NGINX.format(directory, access, self.port, root, also))
        command = ["nginx", "-p", directory, "-e", f"{directory}/error.log", "-c", f"{directory}/nginx.conf"]
        super().__init__(command, lambda: listens(("127.0.0.1", self.port)))
