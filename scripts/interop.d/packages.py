"""What apt must bring for the peers: asked for with all that is missing of some rows."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from matrix import Skip

KEPT = pathlib.Path(__file__).resolve().parents[2] / ".build" / "interop-peers"

# By peer: a command that ends well where it is there, and the packages that bring it.
NEEDS = {
    "php": (["php", "-r", "exit(extension_loaded('soap') ? 0 : 1);"], ["php-cli", "php-soap"]),
    "soap::lite": (["perl", "-MSOAP::Lite", "-MHTTP::Daemon", "-e", "1"], ["libsoap-lite-perl", "libhttp-daemon-perl"]),
    "soap4r": (["ruby", "-e", "require 'soap/wsdlDriver'"], ["ruby", "ruby-soap4r"]),
    "gsoap": (["sh", "-c", "command -v soapcpp2 wsdl2h g++ && test -f /usr/include/nlohmann/json.hpp"],
              ["gsoap", "libgsoap-dev", "nlohmann-json3-dev", "g++"]),
    "ruby xmlrpc": (["ruby", "-e", "require 'xmlrpc/server'; require 'webrick'"],
                    ["ruby", "ruby-xmlrpc", "ruby-webrick"]),
    "rpc::xml": (["perl", "-MRPC::XML::Server", "-MRPC::XML::Client", "-MHTTP::Daemon", "-e", "1"],
                 ["librpc-xml-perl", "libhttp-daemon-perl"]),
    # Its own packages do not bring what its client links with.
    "xmlrpc-c": (["sh", "-c", "command -v g++ && xmlrpc-c-config c++2 client abyss-server --libs && "
                  "test -f /usr/include/nlohmann/json.hpp && pkg-config --exists libcurl"],
                 ["libxmlrpc-c++8-dev", "libxmlrpc-core-c3-dev", "libcurl4-openssl-dev", "pkg-config",
                  "nlohmann-json3-dev", "g++"]),
    "ixr": (["php", "-r", "exit(extension_loaded('xml') ? 0 : 1);"], ["php-cli", "php-xml"]),
    "aria2": (["aria2c", "--version"], ["aria2"]),
    "rtorrent": (["rtorrent", "-h"], ["rtorrent"]),
    "redis": (["sh", "-c", "command -v redis-server redis-cli redis-benchmark"], ["redis-server", "redis-tools"]),
    "dokuwiki": (["php", "-r", "exit(extension_loaded('xml') ? 0 : 1);"], ["php-cli", "php-xml"]),
}
# Packages of which a part is run where it is unpacked: installing them would bring a web server.
UNPACKED = {"ixr": ["wordpress"], "dokuwiki": ["dokuwiki", "php-phpseclib"]}
INSTALL_LIMIT = 300
_found = {}


def install(names):
    """Installs what of the peers is missing; `need` tells afterwards what could not be."""
    missing = [name for name in names if name in NEEDS and not is_there(name)]
    if not missing:
        return
    wanted = sorted({package for name in missing for package in NEEDS[name][1]})
    print(f"interop: installing {' '.join(wanted)} with apt", file=sys.stderr)
    problem = apt(wanted)
    for name in missing:
        _found[name] = None if is_there(name) else problem or "its packages do not bring it"


def need(name):
    """Raises Skip where a peer is not there, with the word why."""
    if name not in _found:
        install([name])
    if _found.get(name):
        raise Skip(f"{name} is not installed: {_found[name]}")


def is_there(name):
    try:
        there = subprocess.run(NEEDS[name][0], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        there = False
    if there:
        _found[name] = None
    return there


def unpacked(name):
    """The folder with a folder for each of a peer's packages; raises Skip where they cannot be had."""
    folder = KEPT / name
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=KEPT) as scratch:
            problem = unpack(UNPACKED[name], pathlib.Path(scratch))
            if problem:
                raise Skip(f"{name} is not here: {problem}")
            os.rename(pathlib.Path(scratch) / "files", folder)
    return folder


def unpack(wanted, scratch):
    """None when apt brought the packages and they are under `files`, else why not."""
    if not shutil.which("apt-get"):
        return "no apt-get here"
    problem = attempt(["apt-get", "-qq", "download", *wanted], cwd=scratch)
    for package in [] if problem else scratch.glob("*.deb"):
        folder = scratch / "files" / package.name.split("_")[0]
        folder.mkdir(parents=True)
        problem = problem or attempt(["dpkg", "-x", package, folder])
        lead_back(folder)
    return problem


def lead_back(folder):
    """Lets absolute links lead to what is in the folder."""
    for link in folder.rglob("*"):
        if link.is_symlink() and os.readlink(link).startswith("/"):
            target = folder / os.readlink(link)[1:]
            link.unlink()
            link.symlink_to(os.path.relpath(target, link.parent))


def apt(wanted):
    """None when apt brought them, else why not."""
    if not shutil.which("apt-get"):
        return "no apt-get here"
    as_root = [] if os.getuid() == 0 else ["sudo", "-n"]
    if as_root and not shutil.which("sudo"):
        return f"needs root: apt-get install {' '.join(wanted)}"
    # A fresh container has no package lists, a long-lived one has stale ones: refresh first.
    for words in (["update"], ["install", "--no-install-recommends", *wanted]):
        # With this run level no service that comes along is started.
        problem = attempt(
            [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-y", "-qq", *words])
        if problem:
            return problem
    return None


def attempt(command, cwd=None):
    """None when the command ended well, else what it said last."""
    try:
        finished = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=INSTALL_LIMIT)
    except subprocess.TimeoutExpired:
        return f"{command[0]} took longer than {INSTALL_LIMIT} s"
    if finished.returncode == 0:
        return None
    said = (finished.stderr or finished.stdout).strip().splitlines() or ["said nothing"]
    return f"{command[0]}: {said[-1]}"
