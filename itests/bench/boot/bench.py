"""What machines are booted from: images, what serves them, media, and the arguments of QEMU."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from servers import Nginx, Server, free_port, listens

NETLOOP = os.environ.get("NETLOOP", os.path.join(HERE, "../../../runtime/bin/netloop"))
NETWORK = "-netdev user,id=n{more} -device virtio-net-pci,netdev=n,id=net0"
FIRMWARE = "-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd"
# no_timer_check: a machine that gets too little processor time would find its timer broken.
COMMON = "console=ttyS0 no_timer_check netloop.fs=ext4"
MARK = "BOOT-MARK"
FILES = 8

# The first program of the root. It tells the digest of a file, and then does what is typed on the console.
FIRST = """#!/bin/busybox sh
b=/bin/busybox
digest() { echo "$1 $2 $($b sha256sum </$2 | $b cut -c1-64)"; }
digest BOOT-MARK data0
echo written >/written && $b sync
while read -r word name; do
    case $word in
        read) digest READ "$name" ;;
        behind) digest READ "$name" & ;;
        say) echo "SAID $name" ;;
        good) /run/initramfs/good && echo "KEPT" ;;
        memory) echo "MEMORY $($b grep -E 'VmRSS|VmHWM|RssAnon' /proc/$($b cat /run/initramfs/pid)/status | $b tr -s '\\t\\n ' ' ')" ;;
        address) echo "ADDRESS $($b ip -4 -o addr show scope global | $b awk '{ print $2, $4 }')" ;;
        rename) $b ip link set eth0 down; $b ip link set eth0 name "$name"; $b ip link set "$name" up; echo "RENAMED" ;;
        end) break ;;
    esac
done
$b mount --bind /run/initramfs /run/initramfs
for part in dev proc sys; do $b mount --move /$part /run/initramfs/$part; done
cd /run/initramfs && $b mkdir -p oldroot && $b pivot_root . oldroot
exec bin/busybox chroot . /shutdown "${name:-poweroff}"
"""

# The first program of an image that does not come up.
BROKEN = """#!/bin/busybox sh
echo "BROKEN-MARK"
exec /bin/busybox reboot -f
"""


class Bench:
    """A directory with all of that; options has kernel, compress, media and work."""

    def __init__(self, options):
        self.options = options
        self.work = tempfile.mkdtemp(dir=options.work)
        self.environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(self.work, "cache"))
        self.digests = {}
        # One for all boots: it is in the menus.
        self.port = free_port()

    def netloop(self, *arguments):
        done = subprocess.run([NETLOOP, *arguments], env=self.environment, stdout=subprocess.PIPE)
        if done.returncode:
            sys.exit(f"netloop {' '.join(arguments)} fails")
        return done.stdout.decode()

    def path(self, *names):
        return os.path.join(self.work, *names)

    def remove(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def root(self, name, first=FIRST):
        """An image of a root with a first program; the digests of its files are kept."""
        tree = self.path(name + "-tree")
        for folder in ("bin", "sbin", "dev", "proc", "sys", "run", "tmp"):
            os.makedirs(os.path.join(tree, folder))
        shutil.copy("/bin/busybox", os.path.join(tree, "bin/busybox"))
        with open(os.path.join(tree, "sbin/init"), "w") as init:
            init.write(first)
        os.chmod(os.path.join(tree, "sbin/init"), 0o755)
        for number in range(FILES):
            data = os.urandom(4_000_000)
            with open(os.path.join(tree, f"data{number}"), "wb") as file:
                file.write(data)
            self.digests[name, f"data{number}"] = hashlib.sha256(data).hexdigest()
        self.file_system(name, 64, "-d", tree)
        shutil.rmtree(tree)
        return self.path(name)

    def file_system(self, name, size, *more):
        """An ext4 in a file of so many MiB."""
        with open(self.path(name), "wb") as file:
            file.truncate(size << 20)
        subprocess.run(["mkfs.ext4", "-q", *more, self.path(name)], check=True)

    def publish(self, image, repository="root"):
        os.makedirs(self.path("www"), exist_ok=True)
        self.netloop("pack", image, self.path("www", repository))

    def nginx(self, also=""):
        """nginx over what was published; (server, its access log)."""
        directory = tempfile.mkdtemp(dir=self.work)
        return Nginx(directory, self.path("www"), log=True, also=also), os.path.join(directory, "access.log")

    def link(self, milliseconds):
        """nginx over what was published, and the way to it; (servers to stop, port, its access log)."""
        nginx, log = self.nginx()
        if not milliseconds:
            return [nginx], nginx.port, log
        delay = Server([java(), os.path.join(HERE, "../ahead/Delay.java"), str(nginx.port), str(milliseconds), "0"],
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return [delay, nginx], int(delay.process.stdout.readline()), log

    def gateway(self, web, directory=None):
        """An assembled gateway that serves the export 'root'; its cache is empty unless a directory is told."""
        home, directory = self.path("gateway"), directory or tempfile.mkdtemp(dir=self.work)
        if not os.path.exists(home):
            self.netloop("assemble", "nbd-gateway", "--to", "dir", home)
        settings = {
            "org.netloop.cache.disk": {"directory": os.path.join(directory, "blocks"), "budget.mib": 1024},
            "org.netloop.volume~root": {"name": "root", "reference": f"http://127.0.0.1:{web}/root/"},
            "org.netloop.attachment~root": {"volume": "root", "frontend": "nbd", "place": f"tcp://127.0.0.1:{self.port}"},
        }
        os.makedirs(os.path.join(directory, "etc"), exist_ok=True)
        with open(os.path.join(directory, "etc/netloop.json"), "w") as file:
            json.dump(settings, file)
        environment = dict(self.environment, STATE_DIRECTORY=os.path.join(directory, "state"))
        with open(os.path.join(directory, "gateway.log"), "a") as log:
            return Server([os.path.join(home, "bin/netloop"), "run", os.path.join(directory, "etc")],
                          lambda: listens(("127.0.0.1", self.port)), env=environment, stderr=log)

    def web(self, name, append, *more):
        """Makes the directory to boot from, below what nginx serves; or one of another run, if media are kept."""
        out = os.path.join(self.options.media or self.path("www"), name)
        if not os.path.exists(out):
            self.netloop("assemble", "boot-client", "--to", "web", out, "-o", f"kernel={self.options.kernel}", "-o",
                         f"append={COMMON} {append}", *more)
        if self.options.media and not os.path.lexists(self.path("www", name)):
            os.symlink(os.path.abspath(out), self.path("www", name))

    def thin(self):
        """The directory with the thin initramfs; returns its words for the kernel."""
        append = f"netloop.nbd=10.0.2.2:{self.port}/root"
        self.web("thin", append, "-o", "thin=yes")
        return append

    def whole(self, append):
        """The directory with the initramfs that has Netloop in it."""
        self.web("self", append, "-o", "compress=" + self.options.compress)
        return append

    def kernel(self, way, append, network=NETWORK.format(more="")):
        """QEMU's arguments for a kernel and an initramfs that are given to it."""
        kernel, initrd = self.path("www", way, "kernel"), self.path("www", way, "initrd")
        return [*shlex.split(network), "-kernel", kernel, "-initrd", initrd, "-append", f"{COMMON} {append}"]


def requests(log):
    """How many requests an access log has, and how many bytes were sent."""
    if not os.path.exists(log):
        return 0, 0
    with open(log) as lines:
        sizes = [int(size) for size in re.findall(r" (\d+)$", lines.read(), re.MULTILINE)]
    return len(sizes), sum(sizes)


def java():
    for name in sorted(os.listdir("/usr/lib/jvm"), reverse=True) if os.path.isdir("/usr/lib/jvm") else []:
        if "25" in name:
            return os.path.join("/usr/lib/jvm", name, "bin/java")
    return "java"
