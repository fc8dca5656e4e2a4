"""``guitai privacy``: what is kept of faces and for what, the consents, and a sweep by hand."""

from pathlib import Path

from common.clock import SystemClock
from common.errors import UserError
from common.settings import Settings
from server.retention import Retention
from server.services.identity import FACES
from server.services.parts import Bank
from server.store.database import Database, sqlite_url
from server.vault import EvidenceVault
from teller.identity.consent import KEEP


def _database(settings: Settings) -> Database:
    url = settings.server.database_url
    file = settings.data_dir / "guitai.sqlite3"
    if url is None and not file.is_file():
        raise UserError("file.missing", file=str(file))
    return Database(url or sqlite_url(settings.data_dir))


def report(settings: Settings, *, sweep: bool) -> list[str]:
    """The lines to print.

    Raises:
        UserError: ``file.missing``. ServiceError: ``store.unavailable`` | ``store.not_a_database`` (``file``).
    """
    database = _database(settings)
    try:
        lines = []
        if sweep:
            vault = EvidenceVault(Path(settings.data_dir))
            swept = Retention(database, vault, SystemClock(), Bank().day).sweep()
            lines.append(
                f"removed by rule: {swept.pictures} pictures, {swept.answers} answers of authorities, "
                f"{swept.unnamed} pieces that nothing names"
            )
        with database.read() as unit:
            counts = {count.kind: count for count in unit.identity.counts([kind.value for kind in FACES])}
            words, kept = unit.identity.consent_counts(), unit.faces.count()
        for kind, purpose in FACES.items():
            found = counts.get(kind.value)
            since = f", oldest {found.oldest:%Y-%m-%d}" if found is not None and found.oldest is not None else ""
            lines.append(f"{kind.value}: {found.count if found else 0} pictures for {purpose}{since}")
        lines.append(f"kept_face: {kept} pictures for {KEEP}")
        lines += [f"consent {purpose}: {state} {count}" for purpose, state, count in words]
        return [*lines, "templates of faces: none are kept"]
    finally:
        database.close()
