"""What goes wrong in ways that an operator can put right."""

import errno


class LaunchError(Exception):
    """One sentence that says what is wrong and what to do about it."""


class AlreadyRunningError(LaunchError):
    """Another launcher holds this instance's directory."""


def in_one_sentence(error: OSError) -> str | None:
    """The sentence for a failure of the disk or its permissions; None for any other."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full{where}; free some space and start again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"Permission to write is missing{where}; correct it, or set BAGDAR_VAR to another directory."
    return None
