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


class Crates:
    """What `cargo metadata` says for `target`: tests and build scripts left out."""

    def __init__(self, target):
        command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        metadata = json.loads(answer)
        self._packages = {package["id"]: package for package in metadata["packages"]}
        self._nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
        self._root = metadata["resolve"]["root"]
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
        found, ahead = set(), [self._root]
        while ahead:
            crate = ahead.pop()
            if crate not in found:
                found.add(crate)
                ahead.extend(self._needs(crate))
        found.remove(self._root)
        libraries = (self._packages[crate] for crate in found)
        return sorted(libraries, key=lambda library: (library["name"], library["version"]))

    def needs(self, package):
        """What `package` is linked with directly."""
        needed = (self._packages[crate] for crate in self._needs(package["id"]))
        return sorted(needed, key=lambda library: (library["name"], library["version"]))

    def checksum(self, package):
        """The SHA-256 of the crate file, in hexadecimal."""
        return self._checksums[package["name"], package["version"]]

    def _needs(self, crate):
        dependencies = self._nodes[crate]["deps"]
        return {
            dependency["pkg"]
            for dependency in dependencies
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        }


def purl(package):
    """The package URL of a crate."""
    return f"pkg:cargo/{package['name']}@{package['version']}"


def licence(package):
    """The licence as an SPDX expression: old manifests wrote a slash for "or"."""
    return package["license"].replace("/", " OR ")
