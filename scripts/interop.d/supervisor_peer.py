"""supervisord, which is run by XML-RPC, and supervisorctl, which runs it."""

import contextlib
import pathlib
import subprocess
import sys
import tempfile

import processes
from running import Started

CONFIGURATION = """
[inet_http_server]
port=127.0.0.1:{port}
username={user}
password={password}
[supervisord]
nodaemon=true
identifier=interop
logfile={folder}/log
pidfile={folder}/pid
childlogdir={folder}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:sleeper]
command=/bin/sleep 600
startsecs=0
[program:idler]
command=/bin/sleep 600
startsecs=0
autostart=false
[program:writer]
command=/bin/sh -c "printf 'one \\001 two <&>\\n'; exec sleep 600"
startsecs=0
"""


class Supervisor(Started):
    user = "operator"
    password = "open: <sesame> & more"

    @contextlib.contextmanager
    def running(self):
        with tempfile.TemporaryDirectory(prefix="trestle-interop-") as folder:
            self.folder = pathlib.Path(folder)
            port, file = processes.free_port(), self.folder / "supervisord.conf"
            file.write_text(CONFIGURATION.format(
                port=port, user=self.user, password=self.password, folder=folder))
            with processes.serving([sys.executable, "-m", "supervisor.supervisord", "-c", file], port) as url:
                yield f"{url}/RPC2"


def supervisorctl(url, *words):
    """What it prints of a server at the address without /RPC2."""
    finished = subprocess.run(
        [sys.executable, "-m", "supervisor.supervisorctl", "-s", url, "-u", Supervisor.user, "-p", Supervisor.password,
         *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=processes.CALL_LIMIT)
    return (finished.stdout + finished.stderr).strip()
