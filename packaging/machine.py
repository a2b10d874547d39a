"""A fresh Debian whose own systemd runs, in namespaces of its own, and who types there."""

import os
import pty
import re
import signal
import socket
import subprocess
import termios
from pathlib import Path

from fresh import HERE, Root, fail
from sandboxed import CONSENT, landing

NAMESPACES = ("--uts", "--mount", "--cgroup", "--pid", "--mount-proc")
PACKAGES = ("ca-certificates", "dbus", "dbus-user-session", "libpam-systemd", "sudo", "systemd")
ADMIN = "admin"
# How long a boot and a line may take, in seconds.
PATIENCE = 120


class Machine(Root):
    """It runs from `boot` to the end of this process."""

    def __init__(self, folder):
        super().__init__(folder)
        self.pasted = []
        self.as_root("useradd", "--create-home", "--shell", "/bin/bash", ADMIN)
        sudoers = folder / "etc/sudoers.d" / ADMIN
        sudoers.write_text(f"{ADMIN} ALL=(ALL:ALL) NOPASSWD: ALL\n")
        sudoers.chmod(0o440)
        # There is no console to log in at.
        (folder / "etc/systemd/system/console-getty.service").symlink_to("/dev/null")
        # Nor somebody who turns pages.
        (folder / "etc/environment").write_text("SYSTEMD_PAGER=cat\n")
        (folder / "etc/hostname").write_text("trial\n")
        (folder / "etc/hosts").write_text("127.0.0.1 localhost trial\n")

    def boot(self):
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.bind("\0nbatodo-booted")
        ready.settimeout(PATIENCE)
        new = ["unshare", "--mount", "--pid", "--fork", "--kill-child", HERE / "boot", self.folder]
        booted = subprocess.Popen(new, env=os.environ | {"NOTIFY_SOCKET": "@nbatodo-booted"})
        while "READY=1" not in self.listen(ready):
            pass
        first = Path(f"/proc/{booted.pid}/task/{booted.pid}/children").read_text().strip()
        self.enter = ["nsenter", "--target", first, "--all", "--root"]
        state = self.as_root("systemctl", "is-system-running", "--wait").strip()
        print(f"systemd {self.as_root('systemctl', '--version').split()[1]} is {state}.", flush=True)

    def listen(self, ready):
        try:
            return ready.recv(4096).decode()
        except TimeoutError:
            fail(f"systemd has not booted within {PATIENCE} s")

    def types(self, line, user=ADMIN):
        """Types a line at a terminal after a login, and answers what it asks. Returns the exit code,
        and what was shown."""
        print(f"{user}$ {line}", flush=True)
        child, terminal = pty.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            os.execvp("nsenter", [*self.enter, "/bin/su", "--login", user, "--command", line])
        termios.tcsetwinsize(terminal, (50, 200))
        shown, answered = "", False
        while chunk := read(terminal):
            shown += chunk
            print(re.sub(r"^", "  ", chunk, flags=re.MULTILINE), end="", flush=True)
            answer = None if answered else self.answer(shown)
            if answer:
                os.write(terminal, f"{answer}\n".encode())
                answered = True
        os.close(terminal)
        print(flush=True)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.replace("\r", "")

    def answer(self, shown):
        """What a person answers to what stands there: apt, or a login."""
        if shown.endswith("[Y/n] "):
            return "y"
        address = CONSENT.search(shown)
        if address:
            self.pasted.append(landing(address[0]))
            return self.pasted[-1]
        return None

    def works(self, line, user=ADMIN):
        code, shown = self.types(line, user)
        if code != 0:
            fail(f'"{line}" ended with {code}')
        return shown

    def unit(self, name, *properties):
        """What the manager of all says of a unit."""
        shown = self.as_root("systemctl", "show", name, *(f"--property={one}" for one in properties))
        return dict(line.split("=", 1) for line in shown.splitlines())


def read(terminal):
    """What comes next, or nothing where the last one at the other end is gone."""
    try:
        return os.read(terminal, 4096).decode(errors="replace")
    except OSError:
        return ""
