"""The crates that a release binary is made of, as cargo resolves them for one target."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def host():
    """The target that rustc builds for by itself."""
    about = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return re.search(r"^host: (.+)$", about, re.MULTILINE)[1]


def tree(target):
    """The crates that `cargo build` links for `target`, by name and version, each with what it needs
    directly. Unlike `cargo metadata`, `cargo tree` leaves out what only tests switch on."""
    command = ["cargo", "tree", "--locked", "--target", target, "--edges", "normal", "--prefix", "depth"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    needs, path = {}, []
    for line in answer.splitlines():
        depth, name, version = re.match(r"(\d+)(\S+) v(\S+)", line).groups()
        del path[int(depth):]
        needs.setdefault((name, version), set())
        if path:
            needs[path[-1]].add((name, version))
        path.append((name, version))
    return needs


class Crates:
    """What is linked for `target`: tests and build scripts left out."""

    def __init__(self, target):
        command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        metadata = json.loads(answer)
        self._packages = {(package["name"], package["version"]): package for package in metadata["packages"]}
        self._needs = tree(target)
        (self._root,) = ((own["name"], own["version"]) for own in metadata["packages"] if own["source"] is None)
        # The checksums stand in the lock file alone.
        self._checksums = {
            (name, version): checksum
            for name, version, checksum in re.findall(
                r'name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(.+)"',
                (ROOT / "Cargo.lock").read_text(),
            )
        }

    @property
    def own(self):
        """The crate itself."""
        return self._packages[self._root]

    def linked(self):
        """The libraries behind the crate, macros among them, by name and version."""
        return [self._packages[crate] for crate in sorted(self._needs) if crate != self._root]

    def needs(self, package):
        """What `package` is linked with directly."""
        return [self._packages[crate] for crate in sorted(self._needs[package["name"], package["version"]])]

    def checksum(self, package):
        """The SHA-256 of the crate file, in hexadecimal."""
        return self._checksums[package["name"], package["version"]]


def purl(package):
    """The package URL of a crate."""
    return f"pkg:cargo/{package['name']}@{package['version']}"


def licence(package):
    """The licence as an SPDX expression: old manifests wrote a slash for "or"."""
    return package["license"].replace("/", " OR ")
