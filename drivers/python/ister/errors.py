"""What can go wrong, by the exit codes of the program `ister`."""


class Error(Exception):
    """One message that names file, key and value; `code` is the exit code of its kind. Of this class itself: a bug."""

    code = 70


class Difference(Error):
    """A comparison found one."""

    code = 1


class InputError(Error):
    """Something about the input that the user can mend."""

    code = 2


class FileError(Error):
    """A file that is missing, unreadable or damaged, or that is not what it should be."""

    code = 3


class Breakdown(Error):
    """The solution broke down; the last good checkpoint stays."""

    code = 4


class StoppedEarly(Error):
    """A run stopped on purpose after a checkpoint: restart it."""

    code = 75


def error_of(code, message):
    """The error that an exit code other than 0 stands for; a code that `ister` does not have is an `Error`."""
    kinds = {kind.code: kind for kind in Error.__subclasses__()}
    return kinds.get(code, Error)(message)
