"""What the routers share: roles and the idempotency key."""

from typing import Annotated

from fastapi import Depends, Header

from common.wire.sessions import Role
from server.edge.auth import require
from server.services.ports import Principal

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=32,
        max_length=36,
        pattern="^[0-9a-fA-F-]+$",
        description="A UUID made once for each intention; a retry repeats it.",
    ),
]

Kiosk = Annotated[Principal, Depends(require(Role.KIOSK))]
Teller = Annotated[Principal, Depends(require(Role.TELLER))]
Authoriser = Annotated[Principal, Depends(require(Role.AUTHORISER))]
AtTheCase = Annotated[Principal, Depends(require(Role.KIOSK, Role.TELLER))]
Staff = Annotated[Principal, Depends(require(Role.TELLER, Role.AUTHORISER))]
Engineer = Annotated[Principal, Depends(require(Role.ENGINEER))]
AtTheMachine = Annotated[Principal, Depends(require(Role.TELLER, Role.ENGINEER))]
Admin = Annotated[Principal, Depends(require(Role.ADMIN))]
BookReader = Annotated[Principal, Depends(require(Role.TELLER, Role.AUTHORISER, Role.ADMIN))]
Anyone = Annotated[Principal, Depends(require(Role.KIOSK, Role.TELLER, Role.AUTHORISER))]
