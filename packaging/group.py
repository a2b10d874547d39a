"""A control group of its own for what boots a systemd: the groups that it makes there go when it ends."""

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

# How long the kernel may take to end what was killed, in seconds.
PATIENCE = 60


def within(command, environment):
    """Runs the command in a new group and ends as it does. A signal ends both. Nothing outlives it in
    the group, nor the group itself, unless this process is killed outright."""
    group = own() / f"nbatodo-{os.getpid()}"
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    group.mkdir()
    # From the first step on: a namespace has the group for its root in which it was made.
    enter = ["sh", "-c", 'echo 0 > "$0/cgroup.procs" && exec setpriv --pdeathsig KILL "$@"', group, *command]
    running = None
    try:
        running = subprocess.Popen(enter, env=environment)
        code = running.wait()
        if code == 0 and not (group / "init.scope").exists():
            sys.exit("packaging/group.py: the systemd has made its groups elsewhere")
    finally:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        end(group, running)
    sys.exit(code if code >= 0 else 128 - code)


def own():
    """The folder of the group that this process is in, of the second version's tree. A machine that has
    both versions has it beside the first one's."""
    inside = re.search(r"^0::(.*)$", Path("/proc/self/cgroup").read_text(), re.MULTILINE)
    for mounted in Path("/proc/self/mountinfo").read_text().splitlines():
        about, kind = mounted.split(" - ")
        top, place = about.split()[3:5]
        if inside and kind.startswith("cgroup2 "):
            return Path(place) / os.path.relpath(inside[1], top)
    sys.exit("packaging/group.py: no tree of control groups of the second version is mounted")


def end(group, running):
    """Kills what is left in a group, and takes it away with all that is below it; fails if it stays."""
    (group / "cgroup.kill").write_text("1")
    if running:
        running.wait()
    events = os.open(group / "cgroup.events", os.O_RDONLY)
    changes = select.poll()
    changes.register(events, select.POLLPRI)
    while b"populated 1" in os.pread(events, 4096, 0):
        if not changes.poll(PATIENCE * 1000):
            break
    os.close(events)
    subprocess.run(["find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"])
    if group.exists():
        sys.exit(f"packaging/group.py: the control group {group} is still there")
