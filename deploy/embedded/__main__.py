"""The command line: `up`, `run [--throwaway] -- COMMAND...`, `base FOLDER`, `recover FOLDER --until TIME`."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from deploy.embedded import paths, recovery
from deploy.embedded.accounts import Account
from deploy.embedded.errors import AlreadyRunningError, LaunchError, in_one_sentence
from deploy.embedded.portal import Options, up
from deploy.embedded.servers import running_environment, servers, throwaway_servers


def main(arguments: list[str]) -> int:
    """Returns the exit status; what an operator can put right is said in one sentence."""
    parser = argparse.ArgumentParser(prog="deploy.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="run the portal until Ctrl-C")
    run = commands.add_parser(
        "run", help="run one command with the servers up, joining those of a running portal"
    )
    run.add_argument("--throwaway", action="store_true", help="on empty data, deleted afterwards")
    run.add_argument("words", nargs="+", metavar="COMMAND")
    base = commands.add_parser("base", help="copy the running database into a new folder")
    recovering = commands.add_parser("recover", help="put such a copy in its place, as of a moment")
    recovering.add_argument(
        "--until", required=True, metavar="TIME", help="such as 2026-11-21T22:04:00+05:00"
    )
    for each in (base, recovering):
        each.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command == "up":
            up(Options.read(os.environ))
            return 0
        if options.command in {"base", "recover"}:
            var = paths.instance_directory(os.environ.get("BAGDAR_VAR"))
            if options.command == "base":
                recovery.make_base(var, options.folder.resolve())
            else:
                recovery.recover(var, options.folder.resolve(), options.until)
            return 0
        return run_command(options.words, throwaway=options.throwaway)
    except LaunchError as error:
        sentence = str(error)
    except OSError as error:
        if not (sentence := in_one_sentence(error) or ""):
            raise
    sys.stderr.write(f"bagdar: {sentence}\n")
    return 1


def run_command(words: list[str], *, throwaway: bool) -> int:
    """Run a command in the portal's environment; returns its exit status."""
    if throwaway:
        with throwaway_servers() as environment:
            return _run(words, environment)
    var = paths.instance_directory(os.environ.get("BAGDAR_VAR"))
    try:
        with servers(var) as environment:
            return _run(words, environment)
    except AlreadyRunningError:
        return _run(words, running_environment(var))


def _run(words: list[str], environment: dict[str, str]) -> int:
    """Ctrl-C reaches the command directly and SIGTERM is passed on; the servers stop after it."""
    program = shutil.which(words[0])
    if program is None:
        raise LaunchError(f"There is no command {words[0]}.")
    leashed = Account.current().leashed([program, *words[1:]], signal.SIGTERM)
    command = subprocess.Popen(leashed, env=environment)  # noqa: S603 - the operator's own command

    def pass_on(number: int, frame: FrameType | None) -> None:
        command.send_signal(number)

    former = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGHUP)}
    former[signal.SIGINT] = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return command.wait()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
