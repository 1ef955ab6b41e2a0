"""What jobs bring along, seen with a real worker on the real broker."""

import json
import logging
import os
from collections.abc import Iterator

import pytest
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.test import Client

from common.jobs import tell_of_jobs
from common.logs import JsonFormatter, current_ids, set_ids
from config.celery import app
from tests.patience import eventually

QUEUE = f"tests-of-jobs-{os.getpid()}"
words = logging.getLogger("tests.words")


@shared_task(name="tests.speak")
def speak(word: str) -> None:
    """Says a word on the log."""
    words.info("It says %s", word)


@shared_task(name="tests.fail")
def fail(email: str) -> None:
    """Fails over an address."""
    raise ValueError(f"{email} is not welcome")


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(json.loads(JsonFormatter().format(record)))

    def of(self, logger: str, count: int) -> list[dict[str, object]]:
        """So many lines of the logger, for which it waits."""

        def found() -> list[dict[str, object]]:
            return [line for line in self.said if line["logger"] == logger]

        eventually(lambda: len(found()) >= count, lambda: self.said)
        return found()


@pytest.fixture
def lines(db: None) -> Iterator[Lines]:
    """What is logged while a worker takes what is in the queue."""
    handler = Lines()
    listened = [words, logging.getLogger("celery")]
    with start_worker(app, perform_ping_check=False, queues=[QUEUE], loglevel="INFO"):
        for logger in listened:
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
        yield handler
        for logger in listened:
            logger.removeHandler(handler)
    set_ids()


def test_the_lines_of_a_job_name_it_and_the_request_that_enqueued_it(lines: Lines) -> None:
    request_id = Client().get("/healthz").headers["X-Request-ID"]
    assert current_ids() == {"request_id": request_id}
    job = speak.apply_async(("rain",), queue=QUEUE)
    [line] = lines.of("tests.words", 1)
    assert (line["message"], line["task"], line["job_id"]) == ("It says rain", "tests.speak", job.id)
    assert line["request_id"] == request_id


def test_a_job_that_nobody_asked_for_has_its_own_ids_alone(lines: Lines) -> None:
    set_ids()
    job = speak.apply_async(("sun",), queue=QUEUE)
    [line] = lines.of("tests.words", 1)
    assert line["job_id"] == job.id
    assert "request_id" not in line


def test_a_failed_job_is_logged_with_its_ids_and_without_what_is_personal(lines: Lines) -> None:
    job = fail.apply_async(("someone@akimat.example",), queue=QUEUE)
    [line] = lines.of("celery.app.trace", 1)
    assert (line["level"], line["job_id"], line["task"]) == ("ERROR", job.id, "tests.fail")
    assert "ValueError" in str(line["exc_info"])
    assert "someone@" not in json.dumps(line)


def test_every_run_is_counted_with_its_outcome(lines: Lines) -> None:
    told: list[tuple[str, str, float]] = []
    tell_of_jobs(lambda *run: told.append(run))
    speak.apply_async(("rain",), queue=QUEUE)
    fail.apply_async(("x@y.example",), queue=QUEUE)
    eventually(lambda: len(told) >= 2)
    assert [(task, outcome) for task, outcome, _seconds in told] == [
        ("tests.speak", "SUCCESS"),
        ("tests.fail", "FAILURE"),
    ]
    assert all(0 <= seconds < 20 for _task, _outcome, seconds in told)
