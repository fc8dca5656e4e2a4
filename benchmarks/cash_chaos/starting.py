"""How the people's processes begin: signed on as soon as there is a server."""

import asyncio
import json
from pathlib import Path

from common.errors import ServiceError
from ui.kit.client import ApiClient, Patience


async def signed_on(data: Path, server: str, login: str) -> ApiClient:
    """A client of the server; both may have lost their power in the same moment, and the server be back later."""
    passwords = json.loads((data / "demo-credentials.json").read_text(encoding="utf-8"))["passwords"]
    api = ApiClient(server, patience=Patience(whole_s=20))
    while True:
        try:
            await api.sign_on(login, passwords[login])
        except ServiceError:
            await asyncio.sleep(0.2)
        else:
            return api
