"""The words of the command line: every command and its options. Light, because each command reads them all."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from common.commandline import OneLineParser, existing_file, named_path, port, staff_number
from server import seal_words

Add = Callable[[str, str], argparse.ArgumentParser]


def _common_options() -> OneLineParser:
    common = OneLineParser(add_help=False)
    common.add_argument("--config", type=existing_file, metavar="FILE", help="settings as TOML")
    common.add_argument("--data", type=named_path, metavar="DIR", help="where data is kept (default: .guitai here)")
    common.add_argument("--log-level", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    return common


def _address(url: str) -> dict[str, Any]:
    tls = url.startswith("https://")
    host, _, port = url.removeprefix("https://" if tls else "http://").rstrip("/").rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"not an address like http://127.0.0.1:8600: {url}")
    return {"host": host, "port": int(port), "tls": tls}


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options; ``does`` of what is read names the command: ``server``, ``ocr read``."""
    common = _common_options()
    parser = OneLineParser(prog="guitai", description="Guitai 柜台: a bank counter over video")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=OneLineParser)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common])
        command.set_defaults(does=name)
        return command

    demo = add("demo", "the whole counter on this machine")
    demo.add_argument("--headless", action="store_true", help="no display; play one visit and leave pictures")
    demo.add_argument("--out", type=named_path, metavar="DIR", help="with --headless: for pictures and report.json")
    demo.add_argument(
        "--scenario", action="append", choices=["withdrawal", "deposit", "reject", "opening", "passbook"],
        help="with --headless: a visit to play; may be given again (default: withdrawal, deposit)",
    )  # fmt: skip

    commands.add_parser("test", help="the test suite; further words go to pytest", add_help=False)

    server = add("server", "the server")
    server.add_argument("--host", help="default: 127.0.0.1")
    server.add_argument("--port", type=int, help="default: 8600; 0: any free one")
    server.add_argument("--database", metavar="URL", help="any SQLAlchemy URL (default: SQLite in the data directory)")
    server.add_argument("--authorities", type=named_path, metavar="FILE", help="whom to ask who somebody is")
    server.add_argument(
        "--authorities-later", action="store_true", help="their FILE need not be there yet at the start"
    )
    server.add_argument("--seed-demo", action="store_true", help="fill an empty database with the demo bank")

    authorities = add("authorities", "simulated authorities that know who somebody is (HTTP)")
    authorities.add_argument("--port", type=port, default=0, help="default: any free one")
    authorities.add_argument(
        "--register", type=existing_file, metavar="FILE", help="people they know (default: the demo's)"
    )

    devices = add("devices", "the simulated machine (XFS4IoT over WebSocket)")
    devices.add_argument("--port", type=int, help="default: the first free one of 5846..5856")
    devices.add_argument("--hands-port", type=int, help="the customer's hands (not XFS)")
    devices.add_argument("--machine", metavar="NUMBER", help="default: K-02")
    devices.add_argument("--speed", type=float, help="mechanics this many times faster")

    _add_windows(add)
    _add_tools(commands, add, common)
    return parser


def _add_windows(add: Add) -> None:
    words = {
        "teller": "the teller's window",
        "authoriser": "the remote authoriser's window",
        "kiosk": "the customer's",
        "engineer": "the engineer's: services, cassettes, faults, messages, tests, replenishment of one machine",
    }
    logins = {"teller": "T-03", "authoriser": "A-07", "kiosk": "K-02", "engineer": "E-01"}
    for name, text in words.items():
        window = add(name, text)
        window.add_argument("--server", type=_address, metavar="URL", help="default: http://127.0.0.1:8600")
        window.add_argument("--login", type=staff_number, default=logins[name])
        window.add_argument("--credentials", type=named_path, metavar="FILE", help="sign on with its password")
        window.add_argument("--wait", type=float, metavar="SECONDS", help="for the credentials file to be written")
        window.add_argument("--language", choices=["zh", "en"])
        window.add_argument("--theme", choices=["light", "dark"])
        window.add_argument("--camera", help="auto | synthetic[:PICTURE] | device:PATH | file:PATH | off")
        window.add_argument("--microphone", help="auto | synthetic | device:NAME | file:PATH | off")
        window.add_argument("--speaker", help="auto | none | device:NAME")
        window.add_argument("--measure", action="store_true", default=None, help="time codes in synthetic sources")
        window.add_argument("--automation", type=named_path, metavar="FILE", help="let another process play the person")
        if name == "kiosk":
            window.add_argument("--machine", metavar="URL", help="XFS4IoT publisher (default: look for one here)")
            window.add_argument("--hands", type=named_path, metavar="FILE", help="show the customer's hands beside it")


def _add_tools(commands: Any, add: Add, common: OneLineParser) -> None:
    ocr = commands.add_parser("ocr", help="read documents").add_subparsers(
        dest="ocr_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    read = ocr.add_parser("read", help="read the fields of documents", parents=[common])
    read.add_argument("images", nargs="+", type=existing_file, metavar="IMAGE")
    read.add_argument("--json", action="store_true", help="one JSON array, an object a picture")
    read.set_defaults(does="ocr read")

    face = commands.add_parser("face", help="compare faces").add_subparsers(
        dest="face_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    match = face.add_parser("match", help="are these two the same person?", parents=[common])
    match.add_argument("a", type=existing_file, metavar="A")
    match.add_argument("b", type=existing_file, metavar="B")
    match.add_argument("--json", action="store_true")
    match.set_defaults(does="face match")

    scenario = commands.add_parser("scenario", help="scenarios as text files").add_subparsers(
        dest="scenario_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    check = scenario.add_parser("check", help="would this file be taken?", parents=[common])
    check.add_argument("file", type=existing_file, metavar="FILE")
    show = scenario.add_parser("show", help="merged form, transactions, what is shared and saved", parents=[common])
    show.add_argument("name", metavar="NAME")
    listed = scenario.add_parser("list", help="every scenario in force", parents=[common])
    for one in (check, show, listed):
        one.set_defaults(does="scenario")

    seal_words.add(commands, common, OneLineParser, _address)

    privacy = add("privacy", "what is kept of faces, and for what")
    privacy.add_argument("--sweep", action="store_true", help="remove now what has been kept long enough")

    verify = add("verify", "is this voucher genuine and unchanged?")
    verify.add_argument("voucher", type=existing_file, metavar="VOUCHER.pdf")
    verify.add_argument("--ca", type=existing_file, metavar="FILE", help="the bank's certificate")


_VALUED = frozenset("cmknoprW")
"""pytest's short options, with those of its plugins here, that take a value."""
_FLAGS = frozenset(
    {"--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--sw", "--stepwise", "--co",
     "--collect-only", "--exitfirst", "--verbose", "--quiet", "--showlocals", "--no-header", "--no-summary"}
)  # fmt: skip
"""Its long options that take none; the word after any other one may be its value."""


def paths_for_pytest(words: Sequence[str]) -> list[str]:
    """Those of the words for pytest that name a file or folder of tests, without the test's own name."""
    found = []
    valued = False
    for word in words:
        if word.startswith("-") and not valued:
            valued = _takes_the_next(word)
        else:
            found += [] if valued or word.startswith("@") else [word.partition("::")[0]]
            valued = False
    return [] if "--pyargs" in words else found


def _takes_the_next(option: str) -> bool:
    if option.startswith("--"):
        return "=" not in option and option not in _FLAGS
    at = next((at for at, letter in enumerate(option) if letter in _VALUED), None)
    return at == len(option) - 1  # -k EXPRESSION and -xk EXPRESSION, but not -kEXPRESSION
