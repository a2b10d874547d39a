"""A fresh Debian, and who acts in it."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import group

HERE = Path(__file__).resolve().parent
USER = "fan"
# A number that nobody else on the machine has: the kernel keeps a keyring for each.
UID = "54321"
# Where the Debian is mounted, for those alone who go on beside it.
FOLDER = HERE.parent / "target/package/root"
ALONE = "NBATODO_ALONE"
# Folders that a system writes into by itself when packages come and go.
SYSTEMS_OWN = ("dev", "home", "proc", "sys", "tmp", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log")


def fail(why):
    sys.exit(f"packaging/{Path(sys.argv[0]).name}: {why}")


def alone(namespaces=(), packages=()):
    """Unpacks a fresh Debian in memory and goes on beside it, in namespaces of its own: a network with
    nothing in it but itself, and those that are named. All ends with this process, control
    groups too if it has a namespace of them. Returns its folder."""
    if ALONE in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return FOLDER
    FOLDER.mkdir(parents=True, exist_ok=True)
    steps = [
        ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(FOLDER)],
        # It may have to fetch what the Debian is made of.
        [str(HERE / "root"), str(FOLDER), *packages],
        ["exec", "unshare", "--net", "--ipc", *namespaces, "--kill-child", "--fork", sys.executable, "-B", *sys.argv],
    ]
    new = ["unshare", "--mount", "sh", "-c", " && ".join(shlex.join(step) for step in steps)]
    environment = os.environ | {ALONE: "yes"}
    if "--cgroup" in namespaces:
        group.within(new, environment)
    os.execvpe("unshare", new, environment)


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
