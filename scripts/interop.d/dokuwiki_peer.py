"""DokuWiki under `php -S`, run where it is unpacked, with a configuration and pages of its own."""

import contextlib
import pathlib
import shutil
import tempfile

import packages
import processes
from running import Started

PREPENDED = """<?php
define('DOKU_MAIN_CONF', '{folder}/conf/');
define('DOKU_CONF', '{folder}/conf/');
"""
CONFIGURATION = """<?php
$conf['title'] = 'Interop <&> \u00fc';
$conf['savedir'] = '{folder}/data';
$conf['useacl'] = 0;
$conf['remote'] = 1;
$conf['remoteuser'] = '';
"""


class DokuWiki(Started):
    def prepare(self):
        packages.need("dokuwiki")
        files = packages.unpacked("dokuwiki")
        # Debian's has the places of its libraries written into it.
        for file in (files / "dokuwiki/usr/share/dokuwiki/vendor/composer").glob("autoload_*.php"):
            text = file.read_text()
            moved = text.replace("$vendorDir . '/usr/share/php", "'/usr/share/php").replace(
                "'/usr/share/php/phpseclib", f"'{files}/php-phpseclib/usr/share/php/phpseclib")
            if moved != text:
                file.write_text(moved)

    @contextlib.contextmanager
    def running(self):
        files = packages.unpacked("dokuwiki") / "dokuwiki"
        with tempfile.TemporaryDirectory(prefix="trestle-interop-") as name:
            folder, port = pathlib.Path(name), processes.free_port()
            shutil.copytree(files / "etc/dokuwiki", folder / "conf", symlinks=True)
            shutil.copytree(files / "var/lib/dokuwiki/data", folder / "data")
            (folder / "conf/local.php").write_text(CONFIGURATION.format(folder=folder))
            (folder / "prepended.php").write_text(PREPENDED.format(folder=folder))
            command = [
                "php", "-d", f"auto_prepend_file={folder}/prepended.php", "-d", "display_errors=0",
                "-S", f"127.0.0.1:{port}", "-t", files / "usr/share/dokuwiki"]
            with processes.serving(command, port) as url:
                yield f"{url}/lib/exe/xmlrpc.php"
