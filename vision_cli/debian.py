"""Debian packages unpacked beside the project, without installing them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from .progress import Stop, run_or_stop

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = Path("/etc/apt")
ONE_LINE = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s")


def mirrors(contents: Iterable[str]) -> list[str]:
    """The Debian archive mirrors that apt sources name, first one first, each once.

    Both formats are read (one line, and deb822 with `URIs:`). Only archives count, whose path ends
    in `/debian`: the security archive and third parties do not carry the suite *unstable*.
    """
    found: dict[str, None] = {}
    for content in contents:
        for line in content.splitlines():
            if match := ONE_LINE.match(line):
                uris = [match.group(1)]
            elif line.lower().startswith("uris:"):
                uris = line.split(":", 1)[1].split()
            else:
                continue
            found.update((uri.rstrip("/"), None) for uri in uris if _is_archive(uri))
    return list(found)


def _is_archive(uri: str) -> bool:
    return urlsplit(uri).path.rstrip("/").endswith("/debian")


def machine_mirrors() -> list[str]:
    """The mirrors of this machine's own apt configuration; empty where there is no apt."""
    if not (shutil.which("apt-get") and shutil.which("dpkg") and KEYRING.exists()):
        return []
    files = [SOURCES / "sources.list"]
    files += sorted((SOURCES / "sources.list.d").glob("*.sources"))
    files += sorted((SOURCES / "sources.list.d").glob("*.list"))
    return mirrors(path.read_text(errors="replace") for path in files if path.is_file())


def sid_source(uris: list[str]) -> str:
    """A deb822 source for the suite *unstable*, verified with Debian's own keyring."""
    return (
        f"Types: deb\nURIs: {' '.join(uris)}\nSuites: sid\nComponents: main\nSigned-By: {KEYRING}\n"
    )


def unpack(packages: list[str], root: Path, work: Path) -> None:
    """Download packages of the suite *unstable* and unpack them into `root`.

    :param work: directory for apt's lists and the downloads; removed at the end.
    :raise Stop: when a download fails.
    """
    shutil.rmtree(work, ignore_errors=True)
    (work / "lists" / "partial").mkdir(parents=True)
    (work / "sid.sources").write_text(sid_source(machine_mirrors()))
    options = {
        "Dir::Etc::sourcelist": work / "sid.sources",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        # Root's apt drops to a user who may not enter a private checkout.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    apt = ["apt-get", "-q", *(part for key, v in options.items() for part in ("-o", f"{key}={v}"))]
    advice = "apt-get could not fetch Odoo: check the mirror, or set ODOO_HOME to a 19.0 checkout"
    environment = os.environ | {"LC_ALL": "C"}
    run_or_stop([*apt, "update"], "apt", advice, env=environment, cwd=work)
    run_or_stop([*apt, "download", *packages], "apt", advice, env=environment, cwd=work)
    root.mkdir(parents=True, exist_ok=True)
    for package in sorted(work.glob("*.deb")):
        if subprocess.run(["dpkg", "-x", str(package), str(root)]).returncode:
            raise Stop(f"dpkg could not unpack {package.name}: free some disk space and retry")
    shutil.rmtree(work)
