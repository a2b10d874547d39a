"""A fresh Debian, and who acts in it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER = "fan"
# A number that nobody else on the machine has: the kernel keeps a keyring for each.
UID = "54321"
# Where somebody who is alone finds the Debian.
ALONE = "NBATODO_ALONE_WITH"
# Folders that a system writes into by itself when packages come and go.
SYSTEMS_OWN = ("dev", "home", "proc", "sys", "tmp", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log")


def fail(why):
    sys.exit(f"packaging/{Path(sys.argv[0]).name}: {why}")


def alone(namespaces=(), packages=()):
    """Unpacks a fresh Debian and goes on beside it, in namespaces of its own: a network with nothing in
    it but itself, and those that are named; mounts and all end with this process. Returns its folder."""
    if ALONE in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return Path(os.environ[ALONE])
    with tempfile.TemporaryDirectory(prefix="nbatodo-root-") as folder:
        if subprocess.run([HERE / "root", folder, *packages]).returncode:
            fail("there is no fresh Debian")
        os.chmod(folder, 0o755)
        unshare = ["unshare", "--net", "--ipc", *namespaces, "--kill-child", "--fork", sys.executable, "-B", *sys.argv]
        ended = subprocess.run(unshare, env=os.environ | {ALONE: folder})
    sys.exit(ended.returncode)


class Root:
    """A fresh Debian with a user in it. Commands enter it by `enter`."""

    def __init__(self, folder):
        self.folder = folder
        self.enter = ["chroot", folder]
        self.as_root("groupadd", "--gid", UID, USER)
        self.as_root("useradd", "--create-home", "--shell", "/bin/bash", "--uid", UID, "--gid", UID, USER)

    def as_root(self, *command):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        entered = [*self.enter, *command]
        ran = subprocess.run(entered, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ran.returncode:
            fail(f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stdout}")
        return ran.stdout

    def start(self, line, exports):
        """What the user types, in an environment that holds only what a login sets. It ends with the
        process given, which may be in front of it."""
        variables = {"HOME": f"/home/{USER}", "USER": USER, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        settings = [f"{name}={value}" for name, value in (variables | exports).items()]
        as_user = ["/usr/bin/setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--pdeathsig=TERM"]
        command = [*self.enter, *as_user, "/usr/bin/env", "-i", *settings, "/bin/sh", "-c", f"cd && {line}"]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def files(self):
        """Every path below that is not the system's own business."""
        below = set()
        for folder, folders, files in os.walk(self.folder):
            inside = os.path.relpath(folder, self.folder)
            folders[:] = [name for name in folders if os.path.normpath(f"{inside}/{name}") not in SYSTEMS_OWN]
            below.update(os.path.normpath(f"{inside}/{name}") for name in folders + files)
        return below
