"""The services of one machine, by name. A new peripheral is a part of the world, its interfaces, and a line here."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from devices.sim.bench import Bench
from devices.sim.camera import DocumentCamera
from devices.sim.cards.contactless import ContactlessReader
from devices.sim.cards.id_reader import IdCardReader
from devices.sim.cards.profile import NEW_CARDS, READER, TOKENS, CardProfile
from devices.sim.cards.reader import CardDispenser, CardReader
from devices.sim.cards.storage import CardStorage
from devices.sim.cash.acceptor import CashAcceptor
from devices.sim.cash.dispenser import CashDispenser
from devices.sim.cash.management import CashManagement
from devices.sim.cash.recycler import Recycler
from devices.sim.cash.storage import CashStorage
from devices.sim.check.acceptor import CheckAcceptor
from devices.sim.check.storage import CheckStorage
from devices.sim.coins.dispenser import CoinBox, CoinDispenser
from devices.sim.coins.management import CoinManagement, CoinStorage
from devices.sim.epp.crypto import Crypto
from devices.sim.epp.key_management import KeyManagement
from devices.sim.epp.keyboard import Keyboard
from devices.sim.epp.module import SecureModule
from devices.sim.epp.pin_pad import PinPad
from devices.sim.epp.remote import RemoteKeys
from devices.sim.interface import Interface
from devices.sim.interlock import Halt, Interlock, door, supply
from devices.sim.lights import Lamps, Lights
from devices.sim.printing.mechanism import Mechanism
from devices.sim.printing.printer import Printer
from devices.sim.printing.profile import CERTIFICATE, LASER, PASSBOOK, RECEIPT, SCANNER, PrinterProfile
from devices.sim.printing.storage import PrinterStorage
from devices.sim.small.auxiliaries import Auxiliaries, PowerManagement
from devices.sim.small.barcode import BarcodeReader
from devices.sim.small.biometric import FINGER, PALM, SIGNATURE, Biometric, BiometricProfile
from devices.sim.small.cameras import Cameras
from devices.sim.small.text_terminal import COMMANDS, DIGITS, TextTerminal
from devices.sim.small.vendor import VendorApplication, VendorMode, VendorProgram
from devices.sim.world.antenna import Antenna
from devices.sim.world.base import Part
from devices.sim.world.cabinet import Cabinet
from devices.sim.world.card import CardSlot, Hands
from devices.sim.world.cash import CashPlaces
from devices.sim.world.cheques import Papers
from devices.sim.world.coins import CoinPlaces
from devices.sim.world.fascia import Glass, PinKeys
from devices.sim.world.paper import PaperPath
from devices.sim.world.subjects import CodeWindow, Scene, Sensor, TerminalKeys

P = TypeVar("P", bound=Part)
Services = dict[str, list[Interface]]
PRINTERS = {
    "LaserPrinter": LASER,
    "PassbookPrinter": PASSBOOK,
    "CertificatePrinter": CERTIFICATE,
    "DocumentScanner": SCANNER,
}
READER_HANDS = Hands("insert_card", "take_card", "tear_card", "", "empty_card_bin")
NEW_CARD_HANDS = Hands("", "take_new_card", "", "load_cards", "empty_new_card_bin")
TOKEN_HANDS = Hands("", "take_token", "", "load_tokens", "empty_token_bin")
ON_THE_BOARD = frozenset({"PinPad", "Lights", "TextTerminal", "Auxiliaries", "VendorMode", "VendorApplication"})
"""Without motor, lamp or sensor of its own current: the control board's small supply is enough for them."""


class Peripherals:
    """Everything inside one machine.

    Args:
        kek: the PIN pad's key-encryption key.
        folder: of the machine; what is printed lies below it.
        issuer: file of the maker's signature issuer.
    """

    def __init__(self, bench: Bench, kek: bytes, folder: Path, issuer: Path) -> None:
        self._bench = bench
        self._folder = folder
        cabinet = self._cabinet = self._part(Cabinet())
        self._safe_open: Callable[[], bool] = lambda: cabinet.safe_open
        self._cabinet_open: Callable[[], bool] = lambda: cabinet.cabinet_open
        self._fed = self._halted()
        self._in_safe = self._halted(door("safe", self._safe_open))
        self._in_cabinet = self._halted(door("cabinet", self._cabinet_open))
        self.vendor_mode = VendorMode(bench)
        self.recycler = self._cash()
        self.services: Services = {}
        self.services |= self._cards("CardReader", READER, READER_HANDS)
        self.services |= self._cash_services() | self._pin_pad(kek, issuer)
        self.services |= self._printer("Printer", RECEIPT, "receipts") | self._fascia()
        self.services |= self._cards("CardDispenser", NEW_CARDS, NEW_CARD_HANDS)
        self.services |= self._cards("TokenDispenser", TOKENS, TOKEN_HANDS)
        for name, profile in PRINTERS.items():
            self.services |= self._printer(name, profile, f"prints/{profile.name}")
        self.services |= self._papers_and_coins() | self._customer() | self._engineer()

    def _part(self, part: P) -> P:
        self._bench.world.add(part)
        return part

    def _halted(self, *halts: Halt) -> Bench:
        """The bench of what stands still without power, and for these reasons."""
        bench, power = self._bench, supply(lambda: self._cabinet.powered)
        return replace(bench, motor=Interlock(bench.motor, bench.world, (power, *halts)))

    def supply_of(self, service: str) -> Callable[[], bool]:
        """Whether a service's device has power now."""
        return (lambda: True) if service in ON_THE_BOARD else (lambda: self._cabinet.powered)

    def _cash(self) -> Recycler:
        bench = self._in_safe
        return Recycler(bench.world, self._part(CashPlaces(self._safe_open)), bench.motor, bench.faults)

    def _cash_services(self) -> Services:
        box = self.recycler
        return {"CashRecycler": [CashDispenser(box), CashAcceptor(box), CashManagement(box), CashStorage(box)]}

    def _cards(self, name: str, profile: CardProfile, hands: Hands) -> Services:
        slot = CardSlot(self._cabinet_open, profile.name, hands, profile.capacities)
        kind = CardReader if profile.accepts else CardDispenser
        reader = kind(self._in_cabinet, self._part(slot), profile)
        return {name: [reader, CardStorage(self._bench.world, reader)]}

    def _pin_pad(self, kek: bytes, issuer: Path) -> Services:
        world, keys = self._bench.world, self._part(PinKeys())
        module = SecureModule(kek)
        module.keys.load(world.remember("pin_pad", module.keys.dump))
        return {
            "PinPad": [
                Keyboard(world, keys, module),
                PinPad(world, module),
                KeyManagement(world, module, RemoteKeys(world, module.keys, issuer, kek)),
                Crypto(module),
            ]
        }

    def _printer(self, name: str, profile: PrinterProfile, folder: str) -> Services:
        paper = self._part(PaperPath(profile.name, profile.sources, profile.hands, self._cabinet_open))
        mechanism = Mechanism(self._in_cabinet, paper, profile, name, self._folder / folder)
        storage: list[Interface] = [PrinterStorage(mechanism)] if profile.bin_capacity else []
        return {name: [Printer(mechanism), *storage]}

    def _fascia(self) -> Services:
        bench, world = self._fed, self._bench.world
        glass, lamps = self._part(Glass()), self._part(Lamps())
        return {
            "DocumentCamera": [DocumentCamera(bench, glass)],
            "IdCardReader": [IdCardReader(bench, glass)],
            "ContactlessReader": [ContactlessReader(bench, self._part(Antenna()))],
            "Lights": [Lights(world, lamps)],
        }

    def _papers_and_coins(self) -> Services:
        papers = CheckAcceptor(self._in_cabinet, self._part(Papers(self._cabinet_open)))
        coins = CoinBox(self._in_safe, self._part(CoinPlaces(self._safe_open)))
        return {
            "ChequeAcceptor": [papers, CheckStorage(papers)],
            "CoinDispenser": [CoinDispenser(coins), CoinManagement(coins), CoinStorage(coins)],
        }

    def _sensor(self, service: str, profile: BiometricProfile, name: str, put: str, lift: str) -> Services:
        return {service: [Biometric(self._fed, self._part(Sensor(name, put, lift)), profile, service)]}

    def _customer(self) -> Services:
        bench = self._fed
        keys = TerminalKeys((*DIGITS, *COMMANDS))
        return {
            "BarcodeReader": [BarcodeReader(bench, self._part(CodeWindow()))],
            **self._sensor("Fingerprint", FINGER, "finger", "lay_finger", "lift_finger"),
            **self._sensor("PalmVein", PALM, "palm", "hold_palm", "withdraw_palm"),
            **self._sensor("SignaturePad", SIGNATURE, "signature", "sign", "wipe_signature"),
            "Cameras": [Cameras(bench, self._part(Scene()))],
            "TextTerminal": [TextTerminal(bench, self._part(keys))],
        }

    def _engineer(self) -> Services:
        bench, cabinet = self._bench, self._cabinet
        return {
            "Auxiliaries": [Auxiliaries(bench, cabinet), PowerManagement(bench, cabinet)],
            "VendorMode": [self.vendor_mode],
            "VendorApplication": [VendorApplication(bench, self._part(VendorProgram()))],
        }
