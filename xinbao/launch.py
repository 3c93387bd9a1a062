"""Becomes one of the house's servers: `launch.py IDENTITY DEATH-SIGNAL PARENT PROGRAM …`.

A program of its own, standing on nothing but the standard library, so that no code has to run
between fork and exec of a process with threads. The server is told to stop when the house dies,
even by kill -9, and never runs as root.
"""

import ctypes
import os
import sys
from pathlib import Path

NEW_USER_NAMESPACE = 0x10000000
SET_PARENT_DEATH_SIGNAL = 1


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
        uid, gid = map(int, identity.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


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
