"""As whom PostgreSQL runs: it refuses to run as root, and nothing on the machine is changed for its sake."""

import ctypes
import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .binaries import clean_environment
from .errors import LaunchRefused

# Existing system users that may own the database's files when root starts it, in this order.
SYSTEM_USERS = ("postgres", "nobody")
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
# The number by which root is known inside the namespace: anything but 0.
INSIDE_ID = 1000


@dataclass(frozen=True)
class Identity:
    """The way to run a program of PostgreSQL.

    * `same`: as ourselves, an ordinary user.
    * `user`: root steps down to the system user `uid`.
    * `namespace`: root stays itself towards the files, but is an ordinary user without privileges in a user namespace
      of its own. For places that no other user can enter, such as /root.
    """

    kind: Literal["same", "user", "namespace"]
    uid: int
    gid: int

    def popen_options(self, *, dies_with_us: bool = False) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that start a program as this identity."""
        steps: list[Callable[[], None]] = []
        options: dict[str, Any] = {"env": clean_environment(), "cwd": "/", "stdin": subprocess.DEVNULL}
        if self.kind == "user":
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        if self.kind == "namespace":
            steps.append(_enter_namespace)
        if dies_with_us and sys.platform == "linux":
            # Last, since a change of identity clears it. SIGINT is PostgreSQL's fast, clean stop.
            steps.append(_stop_with_parent(os.getpid(), signal.SIGINT))
        if steps:
            options["preexec_fn"] = lambda: [step() for step in steps]
        return options

    def give(self, path: Path) -> None:
        """Make a folder that we just created belong to this identity."""
        if self.kind == "user":
            os.chown(path, self.uid, self.gid)


def choose_identity(cluster: Path, binaries: Path) -> Identity:
    """Return as whom PostgreSQL runs on these files. Raises `LaunchRefused` with what to do."""
    us = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else None
    if us != 0:
        if owner not in (None, us):
            raise LaunchRefused(
                "launch.other_owner",
                f"The database in {cluster} belongs to {_user_name(owner or 0)}. Start as that user, or name another "
                "data directory.",
                str(cluster),
            )
        return Identity("same", us, os.getegid())
    if owner is not None and owner != 0:
        return _existing_owner(owner, cluster, binaries)
    if owner is None:
        for name in SYSTEM_USERS:
            user = _find_user(name)
            if user and works(Identity("user", user.pw_uid, user.pw_gid), cluster.parent, binaries):
                return Identity("user", user.pw_uid, user.pw_gid)
    own_namespace = Identity("namespace", 0, 0)
    if works(own_namespace, cluster.parent, binaries):
        return own_namespace
    raise LaunchRefused(
        "launch.root",
        f"PostgreSQL doesn't run as root, and no ordinary user of this machine can reach both {cluster.parent} and "
        f"{binaries}. Start as an ordinary user, or put the programme and the data directory where others may enter.",
        str(cluster),
    )


def _existing_owner(owner: int, cluster: Path, binaries: Path) -> Identity:
    try:
        group = pwd.getpwuid(owner).pw_gid
    except KeyError:
        group = cluster.stat().st_gid
    identity = Identity("user", owner, group)
    if works(identity, cluster, binaries):
        return identity
    raise LaunchRefused(
        "launch.root",
        f"The database in {cluster} belongs to {_user_name(owner)}, who can't reach it or the programs in {binaries}. "
        f"Start as {_user_name(owner)}, or put both where that user may enter.",
        str(cluster),
    )


def works(identity: Identity, folder: Path, binaries: Path) -> bool:
    """Tell whether this identity may enter the folder and run PostgreSQL's programs."""
    if identity.kind == "user" and not may_enter(folder, identity.uid, identity.gid):
        return False
    try:
        probe = subprocess.run(
            [binaries / "postgres", "--version"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **identity.popen_options(),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return probe.returncode == 0


def may_enter(folder: Path, uid: int, gid: int) -> bool:
    """Tell whether a user may pass through this folder and everything above it, by the modes."""
    for place in (folder, *folder.parents):
        if not place.exists():
            continue
        facts = place.stat()
        if facts.st_uid == uid:
            allowed = facts.st_mode & stat.S_IXUSR
        elif facts.st_gid == gid:
            allowed = facts.st_mode & stat.S_IXGRP
        else:
            allowed = facts.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _stop_with_parent(parent: int, sig: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sig))
        # The parent may have died before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _enter_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {uid} 1"),
        ("gid_map", f"{INSIDE_ID} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def stop_with_parent(sig: signal.Signals, *, parent: int | None = None) -> Callable[[], None] | None:
    """Return what makes the kernel send us `sig` when our parent dies; None where the kernel can't (macOS).

    As `preexec_fn` it counts for the child and us; with `parent` (our own parent's number) for ourselves.
    """
    return _stop_with_parent(parent or os.getpid(), sig) if sys.platform == "linux" else None
