"""The figures of a played visit, gathered while it runs, and the checks that decide whether it counts as served."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from common.wire.cases import CaseRow, CaseView
from teller.identity.masking import masked
from tools.demo import opening, passbook
from tools.demo.cast import Cast
from tools.demo.figures import (
    authorisation_since,
    goals,
    missing,
    missing_of_a_visit,
    missing_of_all,
    stalls_since,
    vision_since,
)
from tools.demo.stage import HOME, Stage
from tools.demo_people import CUSTOMER, NEWCOMER, Person
from ui.kit.client import ApiClient

_RIGHT = {"opening": opening.right, "passbook": passbook.right}
"""What must hold of a scenario's case beside what holds of every visit."""


@dataclass(frozen=True)
class Before:
    """What a visit found: the cash, what the windows had measured until then, and when it began."""

    cash: dict[str, int]
    windows: dict[str, dict[str, Any]]
    began: float


class Gatherer:
    """Collects figures and checks of one run."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.checks: dict[str, bool] = {}
        self.visits: dict[str, dict[str, Any]] = {}

    async def sign_on(self, login: str) -> ApiClient:
        """A look at the server from outside the windows."""
        credentials = json.loads((self._stage.data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
        api = ApiClient(self._stage.server_url)
        await api.sign_on(login, credentials["passwords"][login])
        return api

    def check(self, name: str, passed: bool) -> None:
        """A check that must hold; failing once is failing."""
        self.checks[name] = passed and self.checks.get(name, True)

    async def before(self) -> Before:
        """How everything stands before a visit."""
        seats = {who: await player.metrics() for who, player in self._stage.players.items()}
        return Before(await self._cash(), seats, time.monotonic())

    async def _cash(self) -> dict[str, int]:
        api = await self.sign_on("T-05")
        try:
            cash = await api.get_json("/machines/K-02/cash")
        finally:
            await api.close()
        return {name: cash[name]["minor"] for name in ("books", "counters", "clearing", "suspense")}

    async def visited(self, scenario: str, cast: Cast, before: Before, out: Path) -> None:
        """After a visit: its case, its figures, its checks."""
        case = await self._newest_case()
        after = await self._settled_cash()
        moved = after["books"] - before.cash["books"]
        wanted = {"withdrawal": -2_000_000, "deposit": 150_000, "reject": 0, "opening": 150_000}.get(scenario, 0)
        self.check(f"{scenario}: books moved as agreed", moved == wanted)
        self.check(f"{scenario}: books and counters agree", after["books"] == after["counters"])
        unsettled = after["clearing"] != 0 or after["suspense"] != before.cash["suspense"]
        self.check(f"{scenario}: nothing unsettled", not unsettled)
        ended = "rejected" if scenario == "reject" else "completed"
        self.check(f"{scenario}: case {ended}", case.state.value == ended)
        self.check(f"{scenario}: same person", case.face_match is not None and case.face_match.same)
        live = case.identity.liveness
        self.check(f"{scenario}: a living person", live is not None and live.passed)
        seen = case.identity.continuity
        self.check(f"{scenario}: the same person throughout", seen.looks > 0 and not seen.alarms)
        right = _fields_right(case, NEWCOMER if scenario == "opening" else CUSTOMER)
        self.check(f"{scenario}: all fields of the card read right", right[0] == right[1])
        windows = {who: (await player.metrics()) for who, player in self._stage.players.items()}
        calls = {who: windows[who] for who in ("teller", "kiosk")}
        self.check(f"{scenario}: pictures decoded on both sides", all(_decoded(one) > 30 for one in calls.values()))
        for name, held in cast.checks.items():
            self.check(f"{scenario}: {name}", held)
        if scenario in _RIGHT:
            for name, held in _RIGHT[scenario](case).items():
                self.check(f"{scenario}: {name}", held)
        if scenario != "reject":
            await self._voucher(scenario, case, out)
        visit = self.visits[scenario] = {
            "case": case.number,
            "steps": cast.steps,
            "call": {who: one["call"] for who, one in calls.items()},
            "stalls": {who: stalls_since(one["stalls"], before.began, cast.moments) for who, one in windows.items()},
            "fields_right": right[0],
            "fields": right[1],
            "face": case.face_match.model_dump(mode="json") if case.face_match else None,
            "liveness": live.model_dump(mode="json") if live else None,
            "continuity": seen.model_dump(mode="json"),
            "vision": vision_since(before.windows["teller"].get("vision", {}), windows["teller"].get("vision", {})),
            "authorisation": authorisation_since(
                before.windows["authoriser"].get("authorisation"), windows["authoriser"].get("authorisation")
            ),
            "cash": {"before": before.cash, "after": after},
        }
        visit["missing"] = lacking = [*missing(visit["call"]), *missing_of_a_visit(visit)]
        self.check(f"{scenario}: every figure of the visit measured", not lacking)

    async def _newest_case(self) -> CaseView:
        api = await self.sign_on("T-03")
        try:
            rows = [CaseRow.model_validate(row) for row in await api.get_json("/cases")]
            newest = max(rows, key=lambda row: row.created_at)
            return await api.get(f"/cases/{newest.id}", CaseView)
        finally:
            await api.close()

    async def _settled_cash(self) -> dict[str, int]:
        """The machine's report comes within a second of the last note."""
        cash = await self._cash()
        for _ in range(50):
            if cash["books"] == cash["counters"]:
                break
            await asyncio.sleep(0.2)
            cash = await self._cash()
        return cash

    async def _voucher(self, scenario: str, case: CaseView, out: Path) -> None:
        api = await self.sign_on("T-03")
        try:
            pdf = await api.get_bytes(f"/cases/{case.id}/voucher")
        finally:
            await api.close()
        file = out / f"voucher-{scenario}.pdf"
        file.write_bytes(pdf)
        ours = [sys.executable, str(HOME / "guitai.py"), "verify", str(file), "--data", str(self._stage.data_dir)]
        self.check(f"{scenario}: guitai verify", await _run(*ours) == 0)
        self.check(f"{scenario}: pdfsig", await _run("pdfsig", str(file), says="Signature is Valid") == 0)
        receipts = sorted((self._stage.data_dir / "devices" / "K-02" / "receipts").glob("*.txt"))
        printed = (
            bool(receipts) and case.voucher is not None and _grouped(case.voucher.code) in receipts[-1].read_text()
        )
        self.check(f"{scenario}: receipt printed with the code", printed)

    async def server_figures(self) -> dict[str, Any]:
        """How long the server took for the commands that book."""
        api = await self.sign_on("ADMIN")
        try:
            assert api.session is not None
            bearer = {"Authorization": f"Bearer {api.session.token}"}
            async with httpx.AsyncClient(base_url=self._stage.server_url, headers=bearer, trust_env=False) as http:
                latencies = (await http.get("/metrics")).raise_for_status().json()["latencies"]
        finally:
            await api.close()
        return {name: value for name, value in latencies.items() if "/execute" in name or "/outcome" in name}

    def report(
        self, usable_after_s: float | None, memory: dict[str, float], bare: dict[str, Any], posting: dict[str, Any]
    ) -> dict[str, Any]:
        """Everything, ready for JSON."""
        lacking = missing_of_all(memory, bare, posting)
        self.check("every figure of the processes measured", not lacking)
        return {
            "usable_after_s": usable_after_s,
            "visits": self.visits,
            "memory_mib": memory,
            "bare_call": bare,
            "posting": posting,
            "missing": lacking,
            "goals": goals(self.visits, usable_after_s),
            "checks": self.checks,
            "passed": bool(self.checks) and all(self.checks.values()),
        }


def _grouped(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, 12, 4))


def _decoded(metrics: dict[str, Any]) -> int:
    return int((metrics.get("call") or {}).get("frames_decoded", 0))


def _fields_right(case: CaseView, person: Person) -> tuple[int, int]:
    """Fields of the card as the picture was read, against what was printed on it: both as an ended case shows them,
    masked. Where the form, filled from the chip, says otherwise than the reading, the field is wrong too."""
    printed = {**person.front(), **person.back()}
    read = {row.field: row.ocr for row in case.identity.sources if not row.differs}
    return sum(read.get(name) == masked(name, text) for name, text in printed.items()), len(printed)


async def _run(*words: str, says: str = "") -> int:
    """Exit status of a program; 1 also when it does not say what it should."""
    try:
        process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        return 127
    output = (await process.communicate())[0].decode(errors="replace")
    return process.returncode or (0 if says in output else 1)
