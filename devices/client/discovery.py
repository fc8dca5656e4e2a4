"""Finding the services of a machine: probe the ports, ask the publisher, read the capabilities."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from devices.client.connection import OnMessage, ServiceConnection
from devices.xfs.catalogue import Catalogue
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Dialect, Message, Payload
from devices.xfs.uris import publisher_uri

log = logging.getLogger(__name__)
PROBE_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class FoundService:
    """A service, connected, with what it says about itself."""

    connection: ServiceConnection
    interfaces: frozenset[str]
    capabilities: Payload

    def serves(self, role: str) -> bool:
        """Whether this is the service that the kiosk means by the name of an interface, or of one of :data:`ROLES`."""
        interface, fits = ROLES.get(role, (role, bool))
        return interface in self.interfaces and fits(self.capabilities)


def meant(interface: str, among: Iterable[FoundService], chosen: Mapping[str, str]) -> FoundService | None:
    """The connected service that a client means when it names an interface.

    Args:
        chosen: interface (or role) to the URI of the service that takes its place; who is not in it is served by the
            first that can.
    """
    place = chosen.get(interface)
    for found in among:
        fits = found.serves(interface) if place is None else found.connection.uri == place
        if fits and not found.connection.lost.is_set():
            return found
    return None


def _takes_cards(capabilities: Payload) -> bool:
    """A dispenser of cards has the reader's interface too, but never asks for a card."""
    entries: list[Payload] = [
        each for each in capabilities.get("interfaces", ()) if each.get("name", "").lower() == "cardreader"
    ]
    asks = all("CardReader.InsertCardEvent" in each["events"] for each in entries if "events" in each)
    return asks and not _contactless(capabilities)


def _notes(capabilities: Payload) -> bool:
    return str(capabilities.get("cashDispenser", {}).get("type", "selfServiceBill")).endswith("Bill")


def _coins(capabilities: Payload) -> bool:
    return str(capabilities.get("cashDispenser", {}).get("type", "")).endswith("Coin")


def _receipts(capabilities: Payload) -> bool:
    return bool(capabilities.get("printer", {}).get("type", {"receipt": True}).get("receipt"))


def _documents(capabilities: Payload) -> bool:
    cameras = capabilities.get("camera", {}).get("cameras", {"exitSlot": True})
    return bool(cameras.get("exitSlot")) and not cameras.get("person")


def _contactless(capabilities: Payload) -> bool:
    return bool(capabilities.get("cardReader", {}).get("type") == "contactless")


def _paying(capabilities: Payload) -> bool:
    return bool(capabilities.get("cardReader", {}).get("type") == "intelligentContactless")


def _gives(what: str) -> Callable[[Payload], bool]:
    """A dispenser: of cards, whose stripe it writes, or of tokens, which have none."""

    def fits(capabilities: Payload) -> bool:
        written = capabilities.get("cardReader", {}).get("writeTracks", {})
        kind = "card" if any(written.values()) else "token"
        known = _takes_cards(capabilities) or _contactless(capabilities) or _paying(capabilities)
        return kind == what and not known

    return fits


def _prints(kind: str, sides: str = "") -> Callable[[Payload], bool]:
    def fits(capabilities: Payload) -> bool:
        printer = capabilities.get("printer", {})
        return bool(printer.get("type", {}).get(kind)) and sides in ("", printer.get("printSides", "single"))

    return fits


ROLES: Mapping[str, tuple[str, Callable[[Payload], bool]]] = {
    "CardReader": ("CardReader", _takes_cards),
    "IdCardReader": ("CardReader", _contactless),
    "CashDispenser": ("CashDispenser", _notes),
    "CashManagement": ("CashManagement", _notes),
    "CoinDispenser": ("CashDispenser", _coins),
    "Printer": ("Printer", _receipts),
    "Camera": ("Camera", _documents),
    "CardDispenser": ("CardReader", _gives("card")),
    "TokenDispenser": ("CardReader", _gives("token")),
    "PagePrinter": ("Printer", _prints("document", "dual")),
    "CertificatePrinter": ("Printer", _prints("document", "single")),
    "PassbookPrinter": ("Printer", _prints("passbook")),
}
"""Where several services have one interface: which of them is meant, told by its capabilities."""


def is_known(interface: str, catalogue: Catalogue) -> bool:
    """Whether any client can mean a service by this name: an interface of the standard, or one of the roles."""
    return interface in ROLES or interface in catalogue.interfaces


def _ignore(_: Message) -> None:
    return


def last_part(uri: str) -> str:
    """What a service of the machine itself is called."""
    return uri.rstrip("/").rsplit("/", 1)[-1]


def elsewhere(uri: str) -> str:
    """What a service of another host is called: the machine may have one of the same name."""
    return f"{last_part(uri)} @{urlsplit(uri).netloc}"


async def list_services(host: str, port: int, catalogue: Catalogue, dialect: Dialect = Dialect.SPEC) -> list[str]:
    """URIs of the services behind one port; empty when there is no publisher."""
    uris: list[str] = []

    def collect(payload: Payload) -> None:
        for service in payload.get("services", ()):
            uri = service.get("serviceURI")
            if uri and uri not in uris:
                uris.append(uri)

    try:
        publisher = await ServiceConnection.open(publisher_uri(host, port), catalogue, _ignore, dialect)
    except ConnectionLost:
        return []
    try:
        collect(
            await publisher.command(
                "ServicePublisher.GetServices",
                timeout_s=PROBE_TIMEOUT_S,
                on_event=lambda event: collect(event.payload or {}),
            )
        )
    except (ConnectionLost, DeviceError):
        log.info("publisher gave no list", extra={"port": port})
    finally:
        await publisher.close()
    return uris


async def find_services(
    host: str, ports: Sequence[int], catalogue: Catalogue, dialect: Dialect = Dialect.SPEC
) -> list[str]:
    """URIs of all services behind any of the ports, probed in parallel."""
    lists = await asyncio.gather(*(list_services(host, port, catalogue, dialect) for port in ports))
    return list(dict.fromkeys(uri for uris in lists for uri in uris))


async def connect_service(
    uri: str, catalogue: Catalogue, on_unsolicited: OnMessage, dialect: Dialect = Dialect.SPEC
) -> FoundService:
    """Connect to a service and read its capabilities.

    Raises:
        ConnectionLost, DeviceError: it does not answer as a service does.
    """
    connection = await ServiceConnection.open(uri, catalogue, on_unsolicited, dialect)
    try:
        capabilities = await connection.command("Common.Capabilities", timeout_s=PROBE_TIMEOUT_S)
    except BaseException:
        await connection.close()
        raise
    names: Iterable[str] = (entry.get("name", "") for entry in capabilities.get("interfaces", ()))
    # KAL writes the first letter small.
    return FoundService(connection, frozenset(name[:1].upper() + name[1:] for name in names), capabilities)
