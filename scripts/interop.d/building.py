"""Peers that are compiled: built where their sources or their library have changed, else kept."""

import hashlib
import os
import shutil
import subprocess

from packages import KEPT

BUILD_LIMIT = 120


def built(name, sources, version, commands):
    """The program that the commands make as `peer.new` in a folder of its own."""
    key = hashlib.sha256(b"".join([version, *(path.read_bytes() for path in sources)])).hexdigest()[:16]
    folder = KEPT / f"{name}-{key}"
    if not (folder / "peer").exists():
        for old in KEPT.glob(f"{name}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        for command in commands:
            run(command, folder)
        os.replace(folder / "peer.new", folder / "peer")
    return folder / "peer"


def run(command, folder):
    finished = subprocess.run(
        [str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=BUILD_LIMIT)
    assert finished.returncode == 0, f"{command[0]}: {(finished.stderr or finished.stdout)[-500:]}"


def said(*command):
    return subprocess.run(command, capture_output=True, timeout=10).stdout
