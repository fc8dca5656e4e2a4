"""All services, put together. Nothing here opens anything; the parts were opened by the composition root."""

from dataclasses import dataclass

from common.wire.cases import CaseView
from server.services.agenda import AgendaService
from server.services.business import ReversalService
from server.services.capture import CaptureService
from server.services.casework import CaseWork
from server.services.cash import CashService
from server.services.closing import ClosingService
from server.services.commands import Commands
from server.services.comparing import ComparingService
from server.services.confirmation import ConfirmationService
from server.services.desks import DeskService
from server.services.directory import SessionTable, Users
from server.services.execution import ExecutionService
from server.services.films import FilmService
from server.services.forms import FormService
from server.services.handing import HandingService
from server.services.identity import IdentityService
from server.services.keeping import KeepingService
from server.services.lookup import LookupService
from server.services.machines import MachineService
from server.services.opening import OpeningService
from server.services.orders import OrderService
from server.services.papers import PaperService
from server.services.parts import Parts
from server.services.passbooks import PassbookService
from server.services.ports import Principal
from server.services.presence import PresenceService
from server.services.queue import Queue
from server.services.registers import RegisterService
from server.services.replenishing import ReplenishmentService
from server.services.reveal import RevealService
from server.services.review import ReviewService
from server.services.scenarios import ScenarioService
from server.services.seals import SealService
from server.services.sheets import SheetService
from server.services.submission import SubmissionService
from server.services.suspects import SuspectService
from server.services.suspense import SuspenseService
from server.services.tasks import Tasks
from server.services.verification import VerificationService
from server.services.views import Views
from server.services.vouchers import VoucherService


@dataclass(frozen=True)
class Services:
    """One service an area. Commands answer with the id of the case (or task); `seen` renders it."""

    opening: OpeningService
    forms: FormService
    captures: CaptureService
    identity: IdentityService
    presence: PresenceService
    films: FilmService
    keeping: KeepingService
    verification: VerificationService
    reveals: RevealService
    submission: SubmissionService
    scenarios: ScenarioService
    reversal: ReversalService
    confirmation: ConfirmationService
    execution: ExecutionService
    cash: CashService
    closing: ClosingService
    vouchers: VoucherService
    papers: PaperService
    sheets: SheetService
    passbooks: PassbookService
    seals: SealService
    registers: RegisterService
    lookup: LookupService
    review: ReviewService
    desks: DeskService
    agenda: AgendaService
    machines: MachineService
    replenishments: ReplenishmentService
    suspense: SuspenseService
    suspects: SuspectService
    orders: OrderService
    handing: HandingService
    queue: Queue
    tasks: Tasks
    users: Users
    sessions: SessionTable

    def seen(self, who: Principal, case_id: str) -> CaseView:
        """A case as this person may see it."""
        return self.lookup.case(who, case_id)


def build(parts: Parts) -> Services:
    """Every service on these parts."""
    commands = Commands(parts.database, parts.clock)
    work, views = CaseWork(parts, commands), Views(parts)
    films, looks = FilmService(parts, work), PresenceService(parts, work)
    comparing = ComparingService(parts, work, films)
    verification = VerificationService(parts, work, comparing)
    seals = SealService(parts, commands)
    papers = PaperService(parts, work, seals)
    vouchers, replenishments = VoucherService(parts, work, seals, papers), ReplenishmentService(parts, commands)
    reversal, agenda = ReversalService(parts, work, papers), AgendaService(parts)
    machines, handing = MachineService(parts, replenishments), HandingService(parts, work, papers)
    return Services(
        opening=OpeningService(parts, commands, work),
        forms=FormService(parts, work, comparing, looks),
        captures=CaptureService(parts, work),
        identity=IdentityService(parts, work, films),
        presence=looks,
        films=films,
        keeping=KeepingService(parts, work),
        verification=verification,
        reveals=RevealService(parts),
        submission=SubmissionService(parts, work, verification, comparing),
        scenarios=ScenarioService(parts, commands, work, handing),
        reversal=reversal,
        confirmation=ConfirmationService(parts, work),
        execution=ExecutionService(parts, work, vouchers),
        cash=CashService(parts, work, vouchers),
        closing=ClosingService(parts, work, vouchers, handing),
        vouchers=vouchers,
        papers=papers,
        sheets=SheetService(parts, work),
        passbooks=PassbookService(parts, work),
        seals=seals,
        registers=RegisterService(parts, commands),
        lookup=LookupService(parts, views),
        review=ReviewService(parts, commands, work, views, reversal),
        desks=DeskService(parts, machines, agenda),
        agenda=agenda,
        machines=machines,
        replenishments=replenishments,
        suspense=SuspenseService(parts, commands, work, vouchers),
        suspects=SuspectService(parts, work),
        orders=OrderService(parts, commands),
        handing=handing,
        queue=Queue(parts, work),
        tasks=Tasks(parts, work),
        users=Users(parts.database),
        sessions=SessionTable(parts.database),
    )
