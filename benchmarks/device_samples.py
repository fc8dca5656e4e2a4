"""Payloads made from the message catalogue: the smallest valid one, random valid ones, and ones that are wrong."""

import base64
import random
from collections.abc import Mapping
from typing import Any

from devices.xfs.catalogue import Catalogue

Schema = Mapping[str, Any]
# What satisfies the few patterns of the catalogue that stand at members or keys.
_TEXTS = (
    "unit1",
    "unit3",
    "unit6",
    "unitBIN1",
    "unitHOP1",
    "CNY",
    "typeCNY100",
    "mix1",
    "id1",
    "one",
    "enter",
    "zero",
    "exit",
    "transport",
    "eject",
    "upper",
    "any",
    "customer",
    "stacker",
    "0123456789012345",
    "01234567890123456789012",
    "A0",
    "P0",
    "K0",
    "M3",
    "D0",
    "S0",
    "E0",
    "A",
    "T",
    "E",
    "D",
    "@",
    "0",
    "00",
    "20260101",
    "12345",
    "1.0",
    "emv",
    "outCenter",
    "x",
    "0123456789ABCDEF0123456789ABCDEF",
    "0000",
    "zh",
    "ALL",
    "black",
    "0,0,0",
    "receipt",
)

_PAY = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 380}}}}}
LIKELY: Mapping[str, tuple[dict[str, Any] | None, ...]] = {
    "CashDispenser.Dispense": (_PAY,),
    "CashDispenser.Present": (None,),
    "CashDispenser.Reject": (None,),
    "CashManagement.Retract": (None,),
    "CashManagement.Reset": (None,),
    "CashAcceptor.CashInStart": (None,),
    "CashAcceptor.CashIn": (None,),
    "CashAcceptor.CashInEnd": (None,),
    "CashAcceptor.CashInRollback": (None,),
    "CardReader.ReadRawData": ({"track2": True}, {"chip": True}),
    "CardReader.Move": ({"to": "exit"}, {"to": "unitBIN1"}, {"from": "unitHOP1", "to": "transport"}),
    "CardReader.EMVClessConfigure": (
        {"aidData": [{"aid": "oAAAAzM=", "partialSelection": True, "transactionType": 0}]},
    ),
    "CardReader.EMVClessPerformTransaction": ({"data": "nwIGAAAAABAAXyoCAVaaAyYRIpwBAJ83BAECAwQ="},),
    "CardReader.EMVClessIssuerUpdate": ({"data": "kQoAAAAAAAAAADAw"},),
    "KeyManagement.GenerateRSAKeyPair": (
        {"key": "SIGN", "use": "rsaPrivateSign"},
        {"key": "CRYPT", "use": "rsaPrivate", "exponentValue": "device"},
    ),
    "KeyManagement.ExportRSAIssuerSignedItem": (None, {"exportItemType": "deviceId"}),
    "KeyManagement.ExportRSADeviceSignedItem": (
        {"name": "CRYPT", "sigKey": "SIGN", "signatureAlgorithm": "rsassaPss"},
    ),
    "TextTerminal.SetForm": (
        {
            "name": "a",
            "form": {
                "size": {"width": 20, "height": 2},
                "fields": {
                    "x": {"position": {"x": 0, "y": 0}, "size": {"width": 4, "height": 1}, "access": "readWrite"}
                },
            },
        },
    ),
    "TextTerminal.WriteForm": ({"formName": "a", "clearScreen": True, "fields": {"x": "12"}},),
    "TextTerminal.ReadForm": ({"formName": "a"},),
    "Check.MediaIn": (None,),
    "Check.MediaInEnd": (None,),
    "Printer.PrintForm": (
        {"formName": "receipt", "fields": {"title": "a"}},
        {"formName": "letter", "mediaControl": {"move": "eject"}},
        {"formName": "entry", "fields": {"line": "b"}},
    ),
    "Printer.ControlMedia": ({"mediaControl": {"move": "eject", "cut": True}},),
    "Keyboard.PinEntry": ({"minLen": 4, "activeKeys": {"one": {"terminate": False}, "enter": {"terminate": True}}},),
}
"""What chance alone would hardly ever hit upon, and what leads deep into a device."""
REPAIR = (
    ("Storage.EndExchange", None),
    ("CashManagement.Reset", None),
    ("CashAcceptor.DeviceLockControl", {"deviceAction": "unlock", "cashUnitAction": "unlockAll"}),
    ("CashManagement.Reset", None),
    ("CashAcceptor.CashUnitCount", {"units": [f"unit{number}" for number in range(1, 9)]}),
)
"""Commands after which cash can move again."""


class Samples:
    """Makes payloads with one source of chance.

    Args:
        dice: seeded, so that a run can be repeated.
    """

    def __init__(self, catalogue: Catalogue, dice: random.Random) -> None:
        self._catalogue = catalogue
        self._dice = dice
        self._matching: dict[str, tuple[str, ...]] = {}

    def smallest(self, command: str) -> dict[str, Any] | None:
        """Only what is required; None: the command has no payload."""
        return self._payload(command, 0.0)

    def valid(self, command: str) -> dict[str, Any] | None:
        """Any members that the catalogue allows."""
        return self._payload(command, self._dice.random())

    def _payload(self, command: str, share: float) -> dict[str, Any] | None:
        schema = self._catalogue.command_schema(command)
        if schema is None:
            return None
        made = self._value(schema, share, 0)
        assert isinstance(made, dict)
        return made

    def wrong(self, command: str) -> dict[str, Any]:
        """A payload with something missing, mistyped or that does not belong there."""
        payload = self.valid(command) or {}
        for _ in range(self._dice.randrange(1, 3)):
            what = self._dice.randrange(3)
            if what == 0 and payload:
                payload.pop(self._dice.choice(list(payload)))
            elif what == 1 and payload:
                payload[self._dice.choice(list(payload))] = self.anything(0)
            else:
                payload[self._dice.choice(("extra", "", "errorCode", "\u4e2d", "__proto__"))] = self.anything(0)
        return payload

    def anything(self, depth: int) -> Any:
        """Any JSON value."""
        dice = self._dice
        kind = dice.randrange(9 if depth < 3 else 7)
        if kind < 7:
            odd = "\u0000" * dice.randrange(5) + chr(dice.randrange(32, 0x2FFF))
            return (None, True, -1, dice.choice((2**70, 10**299, 10**400)), 0.5, "\ud800", odd)[kind]
        if kind == 7:
            return [self.anything(depth + 1) for _ in range(dice.randrange(3))]
        return {str(dice.randrange(5)): self.anything(depth + 1) for _ in range(dice.randrange(3))}

    # -- by schema -----------------------------------------------------------------------------------

    def _value(self, schema: Schema, share: float, depth: int) -> Any:
        schema = self._catalogue.resolved(schema)
        if "oneOf" in schema:
            return self._value(self._dice.choice(schema["oneOf"]), share, depth)
        if "enum" in schema:
            return self._dice.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, share, depth)
        if kind == "array":
            count = max(schema.get("minItems", 0), self._dice.randrange(3) if share else 1)
            return [self._value(schema.get("items", {}), share, depth + 1) for _ in range(count)]
        if kind == "boolean":
            return self._dice.random() < 0.5
        if kind in ("integer", "number"):
            low = int(schema.get("minimum", 0))
            whole = self._dice.randint(low, int(min(schema.get("maximum", low + 100), low + 100)))
            return whole - 0.5 if kind == "number" and whole > low and self._dice.random() < 0.2 else whole
        return self._text(schema)

    def _object(self, schema: Schema, share: float, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, member in schema.get("properties", {}).items():
            if name in required or (depth < 4 and self._dice.random() < share):
                made[name] = self._value(member, share, depth + 1)
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict) and share and depth < 4:
            key = self._matches(schema.get("x-key-pattern", "unit"))
            made[self._dice.choice(key)] = self._value(extra, share, depth + 1)
        return made

    def _text(self, schema: Schema) -> str:
        if schema.get("contentEncoding") == "base64":
            return base64.b64encode(self._dice.randbytes(self._dice.randrange(1, 24))).decode()
        return self._dice.choice(self._matches(schema["pattern"]) if "pattern" in schema else _TEXTS)

    def _matches(self, pattern: str) -> tuple[str, ...]:
        found = self._matching.get(pattern)
        if found is None:
            found = tuple(text for text in _TEXTS if self._catalogue.matches(pattern, text)) or ("x",)
            self._matching[pattern] = found
        return found
