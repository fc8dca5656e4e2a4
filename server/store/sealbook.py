"""Permissions to seal: every change is a line of its own; the newest line of a parameter is in force."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from server.store.register_tables import seal_permissions
from teller.seals import Place, SealPermission


@dataclass(frozen=True, slots=True)
class PermissionChange:
    """A parameter, and who set it when."""

    permission: SealPermission
    at: datetime
    who: str


class SealBook:
    """Permissions are set and read, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def permit(self, change: PermissionChange) -> None:
        """Put a parameter in force."""
        one = change.permission
        values = {"at": change.at, "who": change.who, "role": one.role, "branch": one.branch, "text": one.text}
        self._connection.execute(seal_permissions.insert().values(place=one.place, **values))

    def in_force(self) -> list[PermissionChange]:
        """The newest line of each role, branch and text, oldest first; those not permitted included."""
        key = (seal_permissions.c.role, seal_permissions.c.branch, seal_permissions.c.text)
        newest = select(func.max(seal_permissions.c.sequence)).group_by(*key)
        query = select(seal_permissions).where(seal_permissions.c.sequence.in_(newest))
        return [
            PermissionChange(
                SealPermission(row.role, row.branch, row.text, None if row.place is None else Place(row.place)),
                row.at,
                row.who,
            )
            for row in self._connection.execute(query.order_by(seal_permissions.c.sequence))
        ]
