"""The folder where the local host keeps its data (`.muster/`): one running host to a folder, known by a lock."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from muster.local.errors import LocalFault

DATA = Path(".muster")
"""Where `muster up` keeps its data if not told otherwise."""

MAX_HOSTS = 9


@dataclass(frozen=True, slots=True)
class Running:
    """What a running host tells others: the connection string of its storage, its URL for events, its process, and the
    server that stands for Azure, "" where Azure itself is read."""

    storage: str
    events_url: str
    process: int
    azure: str = ""


class DataFolder:
    """A folder that this process holds. `azurite` has the emulator's files, `log` what the host printed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.azurite = path / "azurite"
        self.log = path / "host.log"

    def clear(self) -> None:
        """Remove what earlier runs stored."""
        shutil.rmtree(self.azurite, ignore_errors=True)

    def announce(self, running: Running) -> None:
        """Say to other processes where this host is. The file has an access key: it is for this user only."""
        target = _announcement(self.path)
        target.unlink(missing_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(running), file)


@contextmanager
def hold(path: Path) -> Iterator[DataFolder]:
    """Hold a folder until the block is left. Raises LocalFault where another process holds it."""
    with _lock(path) as locked:
        if not locked:
            raise LocalFault(f"another muster is at work in {path}: stop it, or choose another folder")
        with _held(path) as folder:
            yield folder


@contextmanager
def hold_existing(path: Path) -> Iterator[DataFolder]:
    """Hold a folder that an earlier host has left. Raises LocalFault where there is none, or as `hold` does."""
    if not (path / "azurite").is_dir():
        raise LocalFault(f"nothing is stored in {path}: run `muster up --demo` first, or name a storage account")
    with hold(path) as held:
        yield held


@contextmanager
def hold_any(path: Path) -> Iterator[DataFolder]:
    """Hold a folder, or the first free one of `path/2` to `path/9` where another process holds it."""
    for candidate in (path, *(path / str(number) for number in range(2, MAX_HOSTS + 1))):
        with _lock(candidate) as locked:
            if locked:
                with _held(candidate) as folder:
                    yield folder
                return
    raise LocalFault(f"{MAX_HOSTS} hosts are at work in {path} already")


def running_in(path: Path) -> Running | None:
    """The host that holds a folder, if there is one and it is ready."""
    if not path.is_dir():
        return None
    with _lock(path) as locked:
        if locked:
            return None
        try:
            return Running(**json.loads(_announcement(path).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None


@contextmanager
def _held(path: Path) -> Iterator[DataFolder]:
    """A locked folder; what an earlier holder announced, and in the end what this one did, is taken back."""
    _announcement(path).unlink(missing_ok=True)
    try:
        yield DataFolder(path)
    finally:
        _announcement(path).unlink(missing_ok=True)


def _announcement(path: Path) -> Path:
    return path / "running.json"


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """True while this process has the lock, which the system takes back when the process ends, however it ends."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
