"""Permission to seal: looked up before every seal, set by the administrator; every use is registered."""

from common.errors import UserError
from common.wire.registers import SealPermissionView, SealPermit
from server.services.commands import Commands, Done
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.sealbook import PermissionChange
from server.store.unit import Unit
from teller import registers, seals
from teller.seals import Place, Seal, SealPermission, SealText
from teller.vouchers import Words


class SealService:
    """The one place where a seal is taken from the drawer."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    def permitted(self, unit: Unit, role: str, branch: str, text: SealText) -> Seal:
        """The seal this role puts on this text at this branch.

        Raises:
            UserError: ``seal.forbidden`` (``text``, ``role``, ``branch``).
        """
        in_force = [change.permission for change in unit.seals.in_force()]
        place = seals.place_of(in_force, role, branch, text)
        if place is None:
            raise UserError("seal.forbidden", text=text.value, role=role, branch=branch)
        bank = self._parts.bank
        name = bank.branch if bank.branch.zh == branch else Words(branch, branch)
        return seals.seal_for(text, place, bank.name, name)

    def register(
        self, unit: Unit, seal: Seal, text: SealText, who: str, branch: str, number: str, case_id: str, digest: str
    ) -> None:
        """Write down that a seal was used, on what."""
        data = {"text": text.value, "place": seal.place.value, "owner": seal.owner.zh, "digest": digest}
        now = self._parts.clock.now()
        unit.registers.add(RegisterLine(now, registers.SEAL_USED, who, number, case_id, data, branch))

    def permissions(self) -> list[SealPermissionView]:
        """Every parameter that was ever set, as it is in force."""
        with self._parts.database.read() as unit:
            return [_view(change) for change in unit.seals.in_force()]

    def permit(self, key: str, who: Principal, body: SealPermit) -> list[SealPermissionView]:
        """Set a parameter; it holds from the next seal on."""

        def handler(unit: Unit) -> Done:
            place = None if body.place is None else Place(body.place)
            now = self._parts.clock.now()
            permission = SealPermission(body.role, body.branch, body.text, place)
            unit.seals.permit(PermissionChange(permission, now, who.number))
            data = {"role": body.role, "text": body.text, "place": body.place}
            branch = who.branch if body.branch == seals.ANY else body.branch
            line = RegisterLine(now, registers.SEAL_PERMISSION, who.number, body.branch, None, data, branch)
            return Done(str(unit.registers.add(line)))

        self._commands.run(key, who, "seals.permit", body.branch, body, handler)
        return self.permissions()


def _view(change: PermissionChange) -> SealPermissionView:
    one = change.permission
    place = None if one.place is None else one.place.value
    return SealPermissionView(
        role=one.role, branch=one.branch, text=one.text, place=place, at=change.at, who=change.who
    )
