"""What happens in the demonstration, and what is measured."""

import time
from collections.abc import Callable
from typing import Any

import psycopg2

from deploy.demonstration.network import Network
from deploy.demonstration.readers import Reader, readiness, status
from deploy.demonstration.world import World, wait_until

BOUND_SECONDS = 15
BEFORE_PROMOTION_SECONDS = 5
"""How long the primary is silent before the replica takes its place, as a cluster manager would decide."""
PLENTY = 180
OUTBOX = (
    "SELECT (SELECT count(*) FROM indicators_touchedseries) + (SELECT count(*) FROM programmes_touchedkpi)"
)
WRITING = "/en/accounts/login/"
Wanted = dict[str, tuple[Callable[[], Any], float]]
"""What is to come about, by its name, and within how many seconds."""
RESULTS = 200_000
"""How many rows of progress made-up KPIs have beside the real ones: so that a recomputation lasts."""


class Acts:
    """Two faults, each in the middle of an import and a recomputation."""

    def __init__(self, network: Network, world: World, say: Callable[[str], None], rows: int) -> None:
        self.network, self.world, self.say, self.rows = network, world, say, rows
        self.seconds: dict[str, float] = {}
        self.held = True
        self.now = world.primary

    def play(self) -> None:
        """All of it."""
        self.set_up()
        before = self.world.hand("facts")
        self.lose_a_worker()
        self.lose_the_primary()
        self.compare(before, self.world.hand("facts"))

    def set_up(self) -> None:
        """Everything runs."""
        self.say("Host 1 gets the primary and the data, host 3 Valkey and the replica.")
        self.world.prepare()
        self.world.hand("kpis", str(RESULTS))
        self.world.replicate()
        for host in (1, 2):
            self.world.start_web(host)
        self.world.start_worker(1, 1, "interactive,mail,recompute")
        self.world.start_worker(2, 2, "interactive,imports,mail,recompute")
        self.world.start_beat()
        for host in (1, 2):
            wait_until(lambda host=host: readiness(host) == "ready", PLENTY)  # type: ignore[misc]
        self.say("Web servers run on hosts 1 and 2, workers too, beat on host 3.")

    def lose_a_worker(self) -> None:
        """Host 2 is cut off while its worker imports and recomputes."""
        world = self.world
        upload, run = self._give_work("first", 1950)
        world.let_import(1)
        if not self._busy(upload, run):
            raise RuntimeError("The work had ended before host 2 could be cut off: give it more --rows.")
        begun = self._attempts(upload)
        self.say("Host 2 imports, both recompute; host 1 may import from now on. Host 2 IS CUT OFF.")
        with Reader(1) as reader:
            self.network.cut(2)
            cut = time.monotonic()
            self._measure_all("", upload, run, begun, cut)
        self.say(f"A reader on host 1 meanwhile: {reader.told}.")
        self._expect("readers saw no error", set(reader.seen) == {200})
        self.network.mend(2)
        wait_until(lambda: readiness(2) == "ready")
        self.say("Host 2 is back.")

    def lose_the_primary(self) -> None:
        """Host 1 is cut off: primary, a web server and a worker at once."""
        upload, run = self._give_work("second", 1970)
        if not self._busy(upload, run):
            raise RuntimeError("The work had ended before host 1 could be cut off: give it more --rows.")
        begun = self._attempts(upload)
        self.say("Import and recomputation have begun. Host 1 with the primary IS CUT OFF.")
        with Reader(2) as reader:
            self.network.cut(1)
            cut = time.monotonic()
            self._measure("read-only", lambda: readiness(2) == "read-only", BOUND_SECONDS, cut)
            self._expect("writing is answered with 503", status(2, WRITING, "POST") == 503)
            self._expect("public pages are answered", status(2, "/en/programmes/") == 200)
            time.sleep(max(0, cut + BEFORE_PROMOTION_SECONDS - time.monotonic()))
            self.world.replica.promote()
            self.say("The replica on host 3 is promoted; no setting is changed.")
            self._measure("writing", lambda: status(2, WRITING, "POST") == 403, BOUND_SECONDS, cut)
            self.now = self.world.replica
            self._measure_all("second ", upload, run, begun, cut)
            wait_until(lambda: self._ask(OUTBOX) == 0, PLENTY)
        self.say(f"A reader on host 2 meanwhile: {reader.told}.")
        self._expect("readers saw no error", set(reader.seen) == {200})

    def compare(self, before: Any, after: Any) -> None:
        """Nothing lost, nothing done twice."""
        sent = 2 * self.rows
        for name in ("observations", "revisions", "published"):
            grown = after[name] - before[name]
            self._expect(f"{name} grew by {grown:,}, and {sent:,} were sent", grown == sent)
        self._expect("no revision is there twice", after["doubled"] == 0)
        self._expect("each import is applied", set(after["uploads"].values()) == {"applied"})
        self._expect("each recomputation is done", set(after["runs"].values()) == {"done"})
        self._expect("the chain of the audit trail is whole", after["audit"])
        scratch = self.world.hand("from_scratch")
        same = after["progress"] == scratch
        self._expect(f"progress is that of a recomputation from scratch ({scratch})", same)

    def _give_work(self, name: str, first_year: int) -> tuple[int, int]:
        """An analyst's file, and while it is published an administrator's recomputation; their numbers."""
        path = str(self.world.folder / "var" / f"{name}.csv")
        self.world.hand("table", path, str(self.rows), str(first_year))
        upload, run = self.world.hand("work", path)
        return int(upload), int(run)

    def _measure(self, name: str, holds: Callable[[], Any], bound: float, cut: float) -> None:
        """Waits for it; what takes longer than the bound, counted from the cut, did not hold."""
        self._wait_for({name: (holds, bound)}, cut)

    def _measure_all(self, which: str, upload: int, run: int, begun: int, cut: float) -> None:
        """When an import and a recomputation that were cut off go on and end, whichever comes first."""
        wanted: Wanted = {
            "import taken up": (
                lambda: self._attempts(upload) > begun or self._state(upload) == "applied",
                BOUND_SECONDS,
            ),
            "import finished": (lambda: self._state(upload) == "applied", PLENTY),
            "recomputation finished": (lambda: self._run_state(run) == "done", PLENTY),
        }
        self._wait_for({which + name: each for name, each in wanted.items()}, cut)

    def _wait_for(self, wanted: Wanted, cut: float) -> None:
        left = dict(wanted)
        while left and time.monotonic() - cut < PLENTY:
            for name in [name for name, (holds, _bound) in left.items() if holds()]:
                self._note(name, time.monotonic() - cut, left.pop(name)[1])
            time.sleep(0.1)
        for name, (_holds, bound) in left.items():
            self._expect(f"{name} within {bound:.0f} s", False)

    def _note(self, name: str, seconds: float, bound: float) -> None:
        self.seconds[name] = round(seconds, 1)
        self.say(f"{name}: {seconds:.1f} s after the cut")
        if bound < PLENTY:
            self._expect(f"{name} within {bound:.0f} s", seconds <= bound)

    def _expect(self, what: str, holds: bool) -> None:
        self.held = self.held and holds
        self.say(f"{'HOLDS' if holds else 'DOES NOT HOLD'}: {what}")

    def _ask(self, question: str) -> Any:
        """Of whichever server is the primary now."""
        try:
            return self.world.ask(self.now, question)
        except psycopg2.Error:
            return None

    def _busy(self, upload: int, run: int) -> bool:
        return (
            self._state(upload) == "confirmed"
            and self._attempts(upload) > 0
            and self._run_state(run) == "running"
        )

    def _state(self, upload: int) -> str:
        return str(self._ask(f"SELECT state FROM indicators_upload WHERE id = {upload}"))

    def _attempts(self, upload: int) -> int:
        return int(self._ask(f"SELECT attempts FROM indicators_upload WHERE id = {upload}") or 0)

    def _run_state(self, run: int) -> str:
        return str(self._ask(f"SELECT state FROM programmes_progressrun WHERE id = {run}"))
