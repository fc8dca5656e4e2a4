"""The server process: everything is put together here, and only here.

``python -m server.main --data DIR --port N`` runs it without the command line of the house; it prints one line,
``ready http://HOST:PORT``, once it listens. It knows neither a judge of faces nor a guide to documents, for the server
does not import the vision room: every compared face goes to a second person. ``guitai server`` hands both in.
"""

import errno
import logging
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType

from fastapi import APIRouter, FastAPI

from common import logs
from common.clock import Clock, SystemClock, SystemIds
from common.commandline import OneLineParser
from common.errors import AppError, UserError
from common.settings import Settings, load
from server import seed
from server.companies import CompanyDuties
from server.duties import Duties
from server.edge import verify_page
from server.edge.app import EdgeServices, create_app
from server.edge.capture import page as capture_page
from server.edge.edge import Edge
from server.edge.serving import ReadyServer, certificate_of, listen, url_of
from server.edge.timings import Timings
from server.errands import Errands, Underway
from server.guidance import GuidanceDesk, Guide
from server.identity_seal import IdentitySeal
from server.lapsing import Lapsing
from server.pin import PinVault
from server.rest import (
    cases,
    companies,
    desk,
    documents,
    evidence,
    identity,
    machines,
    registers,
    replenishments,
    scenarios,
    tasks,
)
from server.retention import Retention, Sweeper
from server.scenarios import Shelf
from server.screening import Rules
from server.sending import Sending
from server.services import bundle
from server.services.directory import GuessTable
from server.services.parts import Bank, Judge, NoJudge, Parts
from server.store.database import Database, sqlite_url
from server.vault import EvidenceVault
from server.verification.platform import Platform, check_sources
from server.vouchers.authority import trust_anchors
from server.vouchers.standby import StandbyPress
from teller.seals import Place, SealText, seal_for

log = logging.getLogger(__name__)

SUBMISSIONS = 8
"""That may wait for a look at a face at once; each is done within a second where nothing else is at work."""
WARM_AFTER_S = 3.0
"""A server answers first; nobody needs a voucher within seconds of its start."""


def build(
    settings: Settings,
    *,
    public_url: str | None = None,
    seed_demo: bool = False,
    clock: Clock | None = None,
    timings: Timings | None = None,
    warm_after_s: float | None = None,
    judge: Judge | None = None,
    guide: Guide | None = None,
) -> FastAPI:
    """The application over the database and keys in ``settings.data_dir``, brought to the newest schema.

    Args:
        public_url: where it listens; ``server.public_url`` of the settings goes before it, and without either it is
            host and port of the settings. Vouchers and the code for a phone carry it.
        seed_demo: fill an empty database with the demonstration bank.
        warm_after_s: seconds until the press is made ready; None: when the first voucher is due.
        judge: compares faces, and is closed with the application; None: every face goes to a second person.
        guide: looks at pictures of documents, and is closed with the application; None: nobody does.

    Raises:
        ServiceError: ``store.unavailable``, ``store.not_a_database``, ``keys.unreadable``, ``voucher.no_font``.
    """
    clock = clock or SystemClock()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    edge = Edge(clock, SystemIds(), timings or Timings())
    database = Database(settings.server.database_url or sqlite_url(settings.data_dir))
    database.migrate()
    bank = Bank(public_url=settings.server.public_url or public_url or settings.server_url)
    press = StandbyPress(settings.data_dir, clock, bank.public_url, settings.vouchers.time_service)
    authorities = Platform(settings.identity.sources, clock, bank.zone, settings.identity.time_limit_s)
    errands, beside = Errands(), ThreadPoolExecutor(SUBMISSIONS, "submission")
    parts = _parts(settings, edge, database, press, bank, authorities)
    parts = replace(parts, judge=judge or NoJudge(), errand=errands.add, underway=Underway(beside))
    services = bundle.build(parts)
    parts.shelf.all()  # what is wrong with a bank's own files is said at the start, not when a customer waits
    parts.screening.current()
    if seed_demo:
        seed.demo(parts, settings.data_dir)
    if made := services.vouchers.make_all_due():
        log.info("vouchers made that a stop had left", extra={"count": made})

    if warm_after_s is not None:
        press.warm_after(warm_after_s, seal_for(SealText.VOUCHER, Place.BRANCH, bank.name, bank.branch))

    work = _Background(settings, parts, errands)

    def close() -> None:
        work.close()
        beside.shutdown(cancel_futures=True)
        press.close()
        authorities.close()
        database.close()

    page = verify_page.router(services.papers.published, trust_anchors(settings.data_dir), clock, bank.zone)
    at_hand = GuidanceDesk(guide, clock)
    pages = [page, capture_page.router(services.captures, at_hand, clock)]
    around = _around(services, database, pages, at_hand, close)
    return create_app(around, settings, clock, edge)


def _around(
    services: bundle.Services,
    database: Database,
    pages: list[APIRouter],
    at_hand: GuidanceDesk,
    close: Callable[[], None],
) -> EdgeServices:
    """What the edge needs of the services."""
    return EdgeServices(
        users=services.users,
        session_store=services.sessions,
        guesses=GuessTable(database),
        queue=services.queue,
        tasks=services.tasks,
        check_database=database.check,
        routers=[*_routers(services), documents.router(at_hand)],
        public_routers=pages,
        stop=at_hand.close,
        close=close,
    )


class _Background:
    """What the server does beside answering: started here, closed with the application."""

    def __init__(self, settings: Settings, parts: Parts, errands: Errands) -> None:
        self._judge, self._errands = parts.judge, errands
        self._duties, self._sweeper = _duties(parts), _sweeper(settings, parts)
        self._duties.start()
        errands.start()

    def close(self) -> None:
        self._judge.close()  # whoever waits for it is told, so that no errand holds the end up
        self._errands.close()
        self._duties.close()
        self._sweeper.close()


def _duties(parts: Parts) -> Duties:
    """What the server does by the calendar."""
    return Duties(
        {
            "transfers": Sending(parts).send_due,
            "losses": Lapsing(parts).lapse_due,
            "companies": CompanyDuties(parts).do_due,
        }
    )


def _routers(services: bundle.Services) -> list[APIRouter]:
    areas = (cases, companies, desk, evidence, identity, machines, registers, replenishments, scenarios, tasks)
    return [
        *(area.router(services) for area in areas),
        registers.seal_router(services),
        replenishments.suspense_router(services),
    ]


def _sweeper(settings: Settings, parts: Parts) -> Sweeper:
    retention = Retention(parts.database, EvidenceVault(settings.data_dir), parts.clock, parts.bank.day)
    return Sweeper(retention, timedelta(minutes=settings.identity.sweep_minutes))


def _parts(
    settings: Settings, edge: Edge, database: Database, press: StandbyPress, bank: Bank, authorities: Platform
) -> Parts:
    return Parts(
        database=database,
        clock=edge.clock,
        ids=edge.ids,
        random=secrets,
        vault=EvidenceVault(settings.data_dir),
        press=press,
        pins=PinVault(settings.data_dir),
        notifier=edge.notifier,
        calls=edge.call_desk,
        presence=edge.presence,
        seal=IdentitySeal(settings.data_dir),
        authorities=authorities,
        bank=bank,
        shelf=Shelf(settings.data_dir / "scenarios"),
        screening=Rules(settings.data_dir / "screening.toml"),
        task_term=timedelta(seconds=settings.server.task_seconds),
        capture_term=timedelta(minutes=settings.server.capture_minutes),
        film=settings.face.film,
        gestures=settings.face.gestures,
    )


def run(
    settings: Settings,
    *,
    seed_demo: bool = False,
    sources_later: bool = False,
    ready: Callable[[str], None],
    judge: Judge | None = None,
    guide: Guide | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; the exit status.

    Args:
        sources_later: the file of the verification sources may be written after the start.
        ready: called with the base address once the server listens. A port of 0 is any free one.
        judge, guide: see :func:`build`.

    Raises:
        UserError: ``port.taken`` | ``server.cannot_listen`` (``host``, ``port``) | ``tls.no_certificate`` |
            ``tls.unreadable`` (``file``) | ``file.missing`` | ``verification.bad_sources`` (``file``).
    """
    if settings.identity.sources is not None:
        check_sources(settings.identity.sources, later=sources_later)
    certificate = certificate_of(settings.server)
    bound = _listen(settings)
    try:
        url, warm = url_of(bound, tls=settings.server.tls), WARM_AFTER_S
        app = build(settings, public_url=url, seed_demo=seed_demo, warm_after_s=warm, judge=judge, guide=guide)
    except BaseException:
        bound.close()
        raise
    if threading.current_thread() is threading.main_thread():
        # uvicorn raises the signal again once it has shut down; by then it has been obeyed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _obeyed)
    ReadyServer(app, bound, ready, certificate).serve_until_told()
    log.info("server stopped")
    return 0


def _obeyed(_number: int, _frame: FrameType | None) -> None:
    """A signal that uvicorn has already answered."""


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.server.host, settings.server.port
    try:
        return listen(host, port)
    except OSError as error:
        code = "port.taken" if error.errno == errno.EADDRINUSE else "server.cannot_listen"
        raise UserError(code, host=host, port=port, errno=error.errno) from error


def _say_ready(url: str) -> None:
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """``--data DIR --port N [--database URL] [--seed-demo]``; logs go to standard error."""
    parser = OneLineParser(prog="python -m server.main", description="the Guitai server")
    parser.add_argument("--data", type=Path, required=True, help="directory of database, keys and evidence")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; none: SQLite in the directory")
    parser.add_argument("--seed-demo", action="store_true", help="fill an empty database with the demo bank")
    given = parser.parse_args(arguments)
    try:
        server = {"port": given.port} | ({"database_url": given.database} if given.database else {})
        settings = load(overrides={"data_dir": given.data.absolute(), "server": server})
        logs.configure("server", level=settings.log_level)
        log.warning("started without a judge of faces: every compared face goes to a second person")
        return run(settings, seed_demo=given.seed_demo, ready=_say_ready)
    except AppError as error:
        said = " ".join(f"{name}={value}" for name, value in error.params.items())
        sys.stderr.write(f"server: {error.code} {said}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
