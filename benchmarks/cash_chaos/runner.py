"""Many episodes over several processes. Each one that is done is a line of a file; started again, it goes on there."""

import asyncio
import json
import multiprocessing
import tempfile
import traceback
from collections.abc import Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cash_chaos import far_visits
from benchmarks.cash_chaos.episodes import VISITS, episode, silence
from benchmarks.cash_chaos.tally import Tally, total
from benchmarks.people.counter import seeded

REAL_TOGETHER = 5
"""Visits over real processes that share one start of them."""


@dataclass(frozen=True)
class Job:
    """Visits ``first``… of one kind. ``template``: a seeded bank."""

    kind: str
    first: int
    runs: int
    seed: int
    template: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.first} {self.runs}"


def jobs(runs: int, real: int, seed: int, template: str) -> Iterator[Job]:
    """What is to be done; those over real processes lie evenly among the others."""
    near = [Job("near", n, min(VISITS, runs - n), seed, template) for n in range(0, runs, VISITS)]
    over = [Job("real", n, min(REAL_TOGETHER, real - n), seed, template) for n in range(0, real, REAL_TOGETHER)]
    every = max(1, len(near) // (len(over) or 1))
    for index, job in enumerate(near):
        if over and index % every == 0:
            yield over.pop(0)
        yield job
    yield from over


def work(job: Job) -> dict[str, Any]:
    """One job, in whichever process: after a visit that ended in trouble it goes on with everything new."""
    silence()
    everything, over = Tally(), 0
    while over < job.runs:
        first, runs = job.first + over, job.runs - over
        part = asyncio.run(_real(job, first, runs) if job.kind == "real" else _near(job, first, runs))
        over += part.runs + part.not_done
        everything.add(part)
    return everything.as_data()


def _near(job: Job, first: int, runs: int) -> Coroutine[Any, Any, Tally]:
    folder = Path(job.template).parent / f"episode{first}"
    return episode(Path(job.template), folder, job.seed, first, runs)


def _real(job: Job, first: int, runs: int) -> Coroutine[Any, Any, Tally]:
    return far_visits.real_visits(runs, job.seed, first)


def failed(job: Job, error: BaseException) -> dict[str, Any]:
    """A job that came to no result: none of its runs counts as done, and the others are not lost."""
    why = traceback.format_exception(error)[-6:]
    return Tally(not_done=job.runs, broken=[{"job": job.name, "why": why}]).as_data()


class Progress:
    """The file of what is done: one JSON object a line; the first says what it belongs to. A job of which some runs
    could not be done is tried again, and its last line counts."""

    def __init__(self, file: Path | None, seed: int) -> None:
        self._file, self.done = file, dict[str, Tally]()
        if file is None or not file.is_file():
            self._write({"seed": seed})
            return
        head, *lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        if head != {"seed": seed}:
            raise SystemExit(f"{file} belongs to another seed")
        self.done = {line["job"]: Tally.read(line["tally"]) for line in lines}

    def add(self, job: Job, data: dict[str, Any]) -> None:
        """A job is done."""
        self.done[job.name] = Tally.read(data)
        self._write({"job": job.name, "tally": data})

    def whole(self, job: Job) -> bool:
        """Whether all runs of a job are done."""
        known = self.done.get(job.name)
        return known is not None and not known.not_done

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def sums(self, kind: str) -> Tally:
        """All that is done of one kind."""
        return total(tally for name, tally in self.done.items() if name.startswith(kind))


def run(runs: int, real: int, seed: int, workers: int, progress: Progress) -> None:
    """Everything that is not done yet."""
    memory = Path("/dev/shm")  # noqa: S108 - only to spare the disk; everything of ours is below a fresh folder
    with tempfile.TemporaryDirectory(prefix="guitai-chaos-", dir=memory if memory.is_dir() else None) as place:
        template = Path(place) / "template"
        template.mkdir()
        seeded(template)
        left = [job for job in jobs(runs, real, seed, str(template)) if not progress.whole(job)]
        if workers == 1:
            for job in left:
                progress.add(job, work(job))
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            waiting = {pool.submit(work, job): job for job in left}
            for future in as_completed(waiting):
                job, error = waiting[future], future.exception()
                progress.add(job, future.result() if error is None else failed(job, error))
