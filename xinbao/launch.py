"""Becomes one of the house's servers: `launch.py IDENTITY DEATH-SIGNAL PARENT PROGRAM …`.

A program of its own, standing on nothing but the standard library, so that no code has to run
between fork and exec of a process with threads. The server is told to stop when the house dies,
even by kill -9, and never runs as root.
"""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

NEW_USER_NAMESPACE = 0x10000000
SET_PARENT_DEATH_SIGNAL = 1
SET_SECURE_BITS, NO_SETUID_FIXUP = 28, 1 << 2
"""With it access(2) too heeds what was kept; PostgreSQL's programs ask it about one another."""
AMBIENT, RAISE = 47, 2
CAPABILITIES_V3 = 0x20080522
SEARCH, OVERRIDE = 2, 1
"""CAP_DAC_READ_SEARCH, or where a container lacks it CAP_DAC_OVERRIDE."""


def take_identity(identity: str) -> None:
    """`same`: who we are. `namespace`: root, shown to the server as user 1000. Or `UID:GID`."""
    if identity == "namespace":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(NEW_USER_NAMESPACE):
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/gid_map").write_text("1000 0 1", "ascii")
        Path("/proc/self/uid_map").write_text("1000 0 1", "ascii")
    elif identity != "same":
        become(*map(int, identity.split(":")))


def become(uid: int, gid: int) -> None:
    """Another user, who may still pass folders of root's alone: the house may lie in /root."""
    libc = ctypes.CDLL(None, use_errno=True)
    keeps = sys.platform == "linux" and os.geteuid() == 0
    if keeps:
        libc.prctl(SET_SECURE_BITS, NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keeps:
        with suppress(OSError):
            keep(libc, SEARCH)
            return
        with suppress(OSError):
            keep(libc, OVERRIDE)


def keep(libc: ctypes.CDLL, capability: int) -> None:
    """One capability and no other, for the program that comes next. Raises OSError."""
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if libc.capset(header, sets) or libc.prctl(AMBIENT, RAISE, capability, 0, 0):
        raise OSError(ctypes.get_errno(), "capset")


def die_with_parent(signal: int, parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal)
        if os.getppid() != parent:
            sys.exit(1)


def main() -> None:
    identity, signal, parent, *command = sys.argv[1:]
    take_identity(identity)
    die_with_parent(int(signal), int(parent))
    os.execv(command[0], command)  # noqa: S606 -- the command is the house's own, given as a list


if __name__ == "__main__":
    main()
