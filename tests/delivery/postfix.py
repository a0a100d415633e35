"""A private Postfix on loopback, which relays all mail to a server of ours; the system's own is not touched."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MASTER = Path("/etc/postfix/master.cf")
DAEMONS = ("/usr/lib/postfix/sbin", "/usr/libexec/postfix")

SETTINGS = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
multi_instance_enable = yes
multi_instance_name = postfix-feeds-test
myhostname = mx.localhost
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
default_transport = smtp:[127.0.0.1]:{relay}
relay_transport = smtp:[127.0.0.1]:{relay}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
"""


def why_not() -> str:
    """Why there can be no Postfix here; "" where there can be."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return "Postfix starts as root only"
    if not shutil.which("postfix") or not MASTER.exists():
        return "Postfix is not installed"
    return ""


class Postfix:
    """A running Postfix; `relay` is the port of the server that all its mail goes to."""

    def __init__(self, relay: int) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="feeds-postfix-"))
        self.etc = self.home / "etc"
        self.port = _free_port()
        self._relay = relay

    def __enter__(self) -> "Postfix":
        for name in ("etc", "queue", "data"):
            (self.home / name).mkdir()
        self.home.chmod(0o755)
        shutil.chown(self.home / "data", "postfix")
        daemons = next(folder for folder in DAEMONS if Path(folder, "master").exists())
        (self.etc / "main.cf").write_text(
            SETTINGS.format(home=self.home, relay=self._relay, daemons=daemons), "utf-8"
        )
        (self.etc / "master.cf").write_text(self._master(), "utf-8")
        for name in ("dynamicmaps.cf", "postfix-files"):
            if MASTER.with_name(name).exists():
                shutil.copy(MASTER.with_name(name), self.etc)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if _listens(self.port):
            self.stop()
        shutil.rmtree(self.home)

    def start(self) -> None:
        """Take mail, and deliver what is in the queue."""
        deadline = time.monotonic() + 30
        while (
            done := self._command("start")
        ).returncode:  # a process of the one that was stopped lives still
            assert time.monotonic() < deadline, self._said(done)
            time.sleep(0.2)
        while not _listens(self.port):
            assert time.monotonic() < deadline, self._said(done)
            time.sleep(0.05)

    def stop(self) -> None:
        """Take no more, break every connection, and keep the queue."""
        done = self._command("stop")
        assert done.returncode == 0, self._said(done)

    def queue(self) -> list[str]:
        """The lines of what it still has to deliver."""
        done = subprocess.run(
            ["postqueue", "-c", str(self.etc), "-j"], capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()

    def taken(self) -> dict[str, set[str]]:
        """Which messages, by their queue ids, it took for whom, once it has tried to deliver them."""
        taken: dict[str, set[str]] = {}
        log = (self.home / "maillog").read_text("utf-8")
        for queue_id, address in re.findall(r"postfix[^/]*/smtp\[\d+\]: (\w+): to=<([^>]+)>", log):
            taken.setdefault(address, set()).add(queue_id)
        return taken

    def _master(self) -> str:
        """The system's list of services, on our port and not in a chroot."""
        lines = [line for line in MASTER.read_text("utf-8").splitlines() if not line.startswith("#")]
        text = "\n".join(
            re.sub(r"^(\S+ +(?:unix|inet|fifo) +[-yn] +[-yn] +)y", r"\1n", line.replace("\t", " "))
            for line in lines
        )
        text = re.sub(r"(?m)^smtp +inet .*smtpd$", f"{self.port} inet n - n - - smtpd", text)
        if "postlog" not in text:
            text += "\npostlog unix-dgram n - n - 1 postlogd"
        return text + "\n"

    def _command(self, verb: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["postfix", "-c", str(self.etc), verb], capture_output=True, text=True, timeout=60
        )

    def _said(self, done: subprocess.CompletedProcess[str]) -> str:
        log = self.home / "maillog"
        return done.stderr + (log.read_text("utf-8") if log.exists() else "")


def _free_port() -> int:
    """A port that nobody is given by chance while Postfix is stopped: below those that systems hand out."""
    first = 20_000 + os.getpid() % 10_000
    for port in range(first, first + 2_000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
