"""Runs Typst in a process of its own: `python -m papers.renderers.typesetter` < order > file.

The largest reports take 400 MB while they are set; when the process ends the system has them back. It knows
no Django, and gets no environment that it could tell anybody of.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "typst"
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 300
"""Seconds: a hundred times what the longest report takes."""


class TypesettingError(Exception):
    """What Typst says is wrong."""


def typeset(template: str, data: Mapping[str, object], fonts: Path, options: Mapping[str, object]) -> bytes:
    """The template filled with the data, in the fonts of the folder. Raises `TypesettingError`."""
    order = {"template": template, "data": data, "fonts": str(fonts), "options": options}
    done = subprocess.run(
        [sys.executable, "-m", "papers.renderers.typesetter"],
        input=json.dumps(order, ensure_ascii=False).encode(),
        capture_output=True,
        cwd=ROOT,
        timeout=PATIENCE,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )
    if done.returncode:
        raise TypesettingError(done.stderr.decode(errors="replace")[-2_000:])
    return done.stdout


def main(order: Mapping[str, Any]) -> bytes:
    """The file of an order. The compiler sees the templates and the fonts, and fetches nothing."""
    import typst  # noqa: PLC0415 - the portal's own processes never load it

    fonts = typst.Fonts(False, True, [order["fonts"]])
    compiler = typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
    inputs = {"data": json.dumps(order["data"], ensure_ascii=False)}
    made = compiler.compile(input=str(TEMPLATES / order["template"]), sys_inputs=inputs, **order["options"])
    if not isinstance(made, bytes):
        raise TypeError("more than one file")
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(main(json.load(sys.stdin.buffer)))
