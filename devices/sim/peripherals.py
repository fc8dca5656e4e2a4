"""The services of one machine, by name. A new peripheral is a part of the world, its interfaces, and a line here."""

from pathlib import Path
from typing import TypeVar

from devices.sim.bench import Bench
from devices.sim.camera import DocumentCamera
from devices.sim.cards.profile import NEW_CARDS, READER, TOKENS, CardProfile
from devices.sim.cards.reader import CardDispenser, CardReader
from devices.sim.cards.storage import CardStorage
from devices.sim.cash.acceptor import CashAcceptor
from devices.sim.cash.dispenser import CashDispenser
from devices.sim.cash.management import CashManagement
from devices.sim.cash.recycler import Recycler
from devices.sim.cash.storage import CashStorage
from devices.sim.epp.interfaces import Keyboard, KeyManagement, PinPad
from devices.sim.epp.module import SecureModule
from devices.sim.interface import Interface
from devices.sim.lights import Lamps, Lights
from devices.sim.printing.mechanism import Mechanism
from devices.sim.printing.printer import Printer
from devices.sim.printing.profile import CERTIFICATE, LASER, PASSBOOK, RECEIPT, SCANNER, PrinterProfile
from devices.sim.printing.storage import PrinterStorage
from devices.sim.world.base import Part
from devices.sim.world.card import CardSlot, Hands
from devices.sim.world.cash import CashPlaces
from devices.sim.world.fascia import Glass, PinKeys
from devices.sim.world.paper import PaperPath

P = TypeVar("P", bound=Part)
Services = dict[str, list[Interface]]
PRINTERS = {
    "LaserPrinter": LASER,
    "PassbookPrinter": PASSBOOK,
    "CertificatePrinter": CERTIFICATE,
    "DocumentScanner": SCANNER,
}
HOPPER = ("unitBIN1", "unitHOP1")


class Peripherals:
    """Everything inside one machine.

    Args:
        kek: the PIN pad's key-encryption key.
        folder: of the machine; what is printed lies below it.
    """

    def __init__(self, bench: Bench, kek: bytes, folder: Path) -> None:
        self._bench = bench
        self._folder = folder
        self.recycler = self._cash()
        self.services: Services = {}
        self.services |= self._cards("CardReader", READER, CardSlot())
        self.services |= self._cash_services() | self._pin_pad(kek)
        self.services |= self._printer("Printer", RECEIPT, "receipts") | self._fascia()
        self.services |= self._cards(
            "CardDispenser", NEW_CARDS, CardSlot("new_card", Hands("", "take_new_card", "", "load_cards"), HOPPER)
        )
        self.services |= self._cards(
            "TokenDispenser", TOKENS, CardSlot("token", Hands("", "take_token", "", "load_tokens"), HOPPER)
        )
        for name, profile in PRINTERS.items():
            self.services |= self._printer(name, profile, f"prints/{profile.name}")

    def _part(self, part: P) -> P:
        self._bench.world.add(part)
        return part

    def _cash(self) -> Recycler:
        bench = self._bench
        return Recycler(bench.world, self._part(CashPlaces()), bench.motor, bench.faults)

    def _cash_services(self) -> Services:
        box = self.recycler
        return {"CashRecycler": [CashDispenser(box), CashAcceptor(box), CashManagement(box), CashStorage(box)]}

    def _cards(self, name: str, profile: CardProfile, slot: CardSlot) -> Services:
        kind = CardReader if profile.accepts else CardDispenser
        reader = kind(self._bench, self._part(slot), profile)
        return {name: [reader, CardStorage(self._bench.world, reader)]}

    def _pin_pad(self, kek: bytes) -> Services:
        world, keys = self._bench.world, self._part(PinKeys())
        module = SecureModule(kek)
        module.load(world.remember("pin_pad", module.dump))
        return {"PinPad": [Keyboard(world, keys, module), PinPad(module), KeyManagement(world, module)]}

    def _printer(self, name: str, profile: PrinterProfile, folder: str) -> Services:
        paper = self._part(PaperPath(profile.name, profile.sources, profile.hands))
        mechanism = Mechanism(self._bench, paper, profile, name, self._folder / folder)
        storage: list[Interface] = [PrinterStorage(mechanism)] if profile.bin_capacity else []
        return {name: [Printer(mechanism), *storage]}

    def _fascia(self) -> Services:
        bench, world = self._bench, self._bench.world
        glass, lamps = self._part(Glass()), self._part(Lamps())
        return {
            "DocumentCamera": [DocumentCamera(glass, bench.motor, bench.faults)],
            "Lights": [Lights(world, lamps)],
        }
