"""Runs one command that ends when its parent does: `leash.py SIGNAL PARENT UID GID COMMAND...`.

Executed as a script, before anything else of the portal, in the child itself: it changes to the account
UID:GID when it is root, asks the kernel for SIGNAL on the parent's death (Linux only, and after the change
of account, which clears that wish), and becomes COMMAND. The first word of COMMAND is a full path: once the
account has changed, Python may be unable to import, or to search, anything.
"""

import contextlib
import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(command: list[str], stop: int, parent: int, uid: int, gid: int) -> None:
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    with contextlib.suppress(AttributeError):  # no prctl: not Linux
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit("The launcher is gone.")
    os.execv(command[0], command)  # noqa: S606 - becoming the command is the purpose


if __name__ == "__main__":
    try:
        main(sys.argv[5:], *map(int, sys.argv[1:5]))
    except OSError as failure:
        sys.exit(f"{sys.argv[5]}: {failure}")
