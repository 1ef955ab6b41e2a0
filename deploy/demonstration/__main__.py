"""Three hosts, two of which fail in the middle of their work.

    sudo .venv/bin/python -m deploy.demonstration [--rows 200000] [--json FILE]

It needs Linux, root, `ip`, and what bin/up installs. The hosts are network namespaces with addresses of
10.77.0.0/24 that nobody outside sees; everything is kept in a folder in /var/tmp, and removed at the end.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from deploy.demonstration.acts import Acts
from deploy.demonstration.network import Network, enter_hub
from deploy.demonstration.world import World


def main() -> int:
    """Exit status 0 where everything held."""
    parser = argparse.ArgumentParser(
        prog="deploy.demonstration", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000, help="figures in each of the two imports")
    parser.add_argument("--json", type=Path, help="where to write the measured seconds")
    options = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.stderr.write("The demonstration makes network namespaces: run it on Linux as root.\n")
        return 1
    signal.signal(signal.SIGTERM, _stop)
    began = time.monotonic()

    def say(text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {text}\n")
        sys.stdout.flush()

    try:
        with Network(3) as network:
            enter_hub()
            with World() as world:
                acts = Acts(network, world, say, options.rows)
                acts.play()
    except KeyboardInterrupt:
        say("Stopped; everything is removed.")
        return 130
    if options.json:
        options.json.write_text(json.dumps(acts.seconds, indent=2) + "\n")
    return 0 if acts.held else 1


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
