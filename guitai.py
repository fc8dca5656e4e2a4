"""Command line of Guitai, and the one module that may import every room.

Each command imports the room it starts only when it runs: the server must not load Qt, nor a window the models.
Errors meant for a person are one line on standard error; exit status 2 says the words or files were wrong.
"""

import argparse
import asyncio
import contextlib
import errno
import importlib
import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from common import logs, settings
from common.commandline import OneLineParser, existing_file
from common.errors import AppError, UserError
from server import seal_words

HOME = Path(__file__).resolve().parent

_SENTENCES = {
    "file.missing": "no such file: {file}",
    "settings.unreadable": "cannot read the settings file {file}: {what}",
    "settings.invalid": "setting {where} ({source}): {what}",
    "data.unwritable": "cannot write in the data directory {directory}: choose another with --data",
    "cli.no_display": "no display: use ./run demo --headless --out DIR, or start it in a desktop session",
    "cli.dead_display": "no display answers at {display}: start it in a desktop session",
    "cli.wait_for_what": "--wait needs --credentials FILE",
    "cli.out_needed": "--headless needs --out DIR",
    "port.taken": "port {port} is taken: choose another",
    "server.cannot_listen": "cannot listen on {host} port {port}: choose another with --host and --port",
    "tls.no_certificate": "TLS needs a certificate: set server.certificate, and server.key",
    "tls.unreadable": "cannot use the certificate or key in {file}: check server.certificate, server.key, server.trust",
    "network.not_trusted": "the server's certificate is not trusted: check server.trust and the address",
    "store.bad_url": "--database: not the address of a database whose driver is installed (SQLite, PostgreSQL)",
    "store.unavailable": "the database is out of reach: check --database, then try again",
    "keys.unreadable": "cannot read the key file {file} in the data directory: restore it from the backup",
    "keys.incomplete": "files are missing in {directory} of the data directory: restore them from the backup",
    "voucher.no_font": "no Chinese font for vouchers (looked for {names}): install Noto Sans CJK",
    "network.unreachable": "no server answers at the address: start one with ./run server",
    "auth.bad_credentials": "the server knows no such number with that password: check --login and --credentials",
    "signon.wrong_role": "{number} cannot sign on to this window: choose another with --login",
    "voucher.bad_anchor": "the bank's certificate cannot be read: give another with --ca",
    "devices.no_port": "no port is free for the simulated machine: choose another with --port",
    "machine.bad_address": "not the address of a machine, like ws://127.0.0.1:5846: {address}",
    "hands.bad_props": "cannot read the customer's things in {file}",
    "signon.credentials": "the file {file} has no password for this number: check --login and --credentials",
    "ocr.models_missing": "the recognition models are missing ({file}): install the program again",
    "ocr.worker_died": "recognition ended twice without an answer: the log in the data directory says more",
    "ocr.timeout": "recognition took too long: try again",
    "ocr.busy": "recognition is busy: try again",
    "ocr.closed": "recognition has ended: try again",
    "ocr.failed": "recognition failed on this picture: the log in the data directory says more",
    "scenario.unknown": "no scenario of that name: ./run scenario list shows them",
    "demo.part_failed": "a part of the demo did not start: {part}; its log in the data directory says more",
}


def _load_for_tool(args: argparse.Namespace) -> settings.Settings:
    """Settings of a command that answers on the terminal: its log goes to a file, never between its words."""
    loaded = _load(args)
    _log("tool", loaded, level="WARNING")
    return loaded


def _log(process: str, loaded: settings.Settings, *, level: str | None = None, file: str | None = None) -> None:
    try:
        logs.configure(
            process, level=level or loaded.log_level, file=loaded.data_dir / "logs" / f"{file or process}.log"
        )
    except OSError as error:
        raise UserError("data.unwritable", directory=str(loaded.data_dir)) from error


def _common_options() -> OneLineParser:
    common = OneLineParser(add_help=False)
    common.add_argument("--config", type=existing_file, metavar="FILE", help="settings as TOML")
    common.add_argument("--data", type=Path, metavar="DIR", help="where data is kept (default: .guitai here)")
    common.add_argument("--log-level", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    return common


def _load(args: argparse.Namespace, **sections: dict[str, Any]) -> settings.Settings:
    overrides: dict[str, Any] = {k: v for k, v in sections.items() if v}
    if args.data is not None:
        overrides["data_dir"] = args.data.absolute()
    elif "GUITAI_DATA_DIR" not in os.environ and args.config is None:
        overrides["data_dir"] = HOME / ".guitai"
    if args.log_level:
        overrides["log_level"] = args.log_level
    return settings.load(args.config, overrides)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


# --- processes -------------------------------------------------------------------------------------------------


def _server(args: argparse.Namespace) -> int:
    from ocr.client import GuideClient
    from ocr.face_judge import FaceJudge
    from server import main as server_main

    listening = _given(host=args.host, port=args.port, database_url=args.database)
    loaded = _load(args, server=listening, identity=_given(sources=args.authorities and args.authorities.absolute()))
    _log("server", loaded)
    return server_main.run(
        loaded,
        seed_demo=args.seed_demo,
        ready=lambda url: print(f"ready {url}", flush=True),
        judge=FaceJudge(loaded),
        guide=GuideClient(loaded),
    )


def _devices(args: argparse.Namespace) -> int:
    from devices.sim import main as sim_main
    from devices.xfs import record

    machine = _given(port=args.port, hands_port=args.hands_port, speed=args.speed, vtm=args.machine)
    loaded = _load(args, devices=machine)
    _log("devices", loaded)
    record.begin(loaded.devices.record)

    def ready(endpoints: sim_main.Endpoints) -> None:
        print(f"ready ws://{endpoints.host}:{endpoints.port}/xfs4iot/v1.0/ hands {endpoints.hands_port}", flush=True)

    async def serve() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await sim_main.serve(loaded.devices, loaded.data_dir, ready=ready, stop=stop)

    try:
        asyncio.run(serve())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise UserError("port.taken", port=loaded.devices.hands_port) from error
    except AppError as error:
        if error.code == "devices.no_port" and loaded.devices.port:
            raise UserError("port.taken", port=loaded.devices.port) from error
        raise
    return 0


def _authorities(args: argparse.Namespace) -> int:
    from tools.authorities import main as authorities_main

    loaded = _load(args)
    _log("authorities", loaded)
    try:
        return authorities_main.run(
            loaded.data_dir, args.register, args.port, ready=lambda url: print(f"ready {url}", flush=True)
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise UserError("port.taken", port=args.port) from error


def _window(app: str) -> Callable[[argparse.Namespace], int]:
    def start(args: argparse.Namespace) -> int:
        from devices.xfs import record

        if sys.platform.startswith("linux") and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
            _need_display()
        _check_files(args)
        module = importlib.import_module(f"ui.{app}_app.main")
        loaded = _load(
            args,
            server=args.server,
            video=_given(camera=args.camera, microphone=args.microphone, speaker=args.speaker, measure=args.measure),
            ui=_given(language=args.language, theme=args.theme),
        )
        _log(app, loaded, file=f"{app}-{args.login}")
        record.begin(loaded.devices.record)
        return int(module.run(loaded, args))

    return start


def _check_files(args: argparse.Namespace) -> None:
    """Files that a window is given must be there, unless it is to wait until they are written."""
    if args.wait is not None:
        if args.credentials is None:
            raise AppError("cli.wait_for_what")
        return
    for file in (args.credentials, getattr(args, "hands", None)):
        if file is not None and not file.is_file():
            raise UserError("file.missing", file=str(file))


def _address(url: str) -> dict[str, Any]:
    tls = url.startswith("https://")
    host, _, port = url.removeprefix("https://" if tls else "http://").rstrip("/").rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"not an address like http://127.0.0.1:8600: {url}")
    return {"host": host, "port": int(port), "tls": tls}


def _need_display() -> None:
    """Qt ends the whole process when no display answers: ask first."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    display = os.environ.get("DISPLAY", "")
    host, _, number = display.partition(":")
    screen = number.partition(".")[0]
    if not screen.isdecimal():
        raise AppError("cli.no_display")
    here = f"/tmp/.X11-unix/X{screen}"  # noqa: S108 - where X11 puts its sockets
    remote = host not in ("", "unix")
    kind, address = (socket.AF_INET, (host, 6000 + int(screen))) if remote else (socket.AF_UNIX, here)
    with socket.socket(kind) as probe:
        try:
            probe.connect(address)
        except OSError as error:
            raise AppError("cli.dead_display", display=display) from error


# --- the demo and the suite ------------------------------------------------------------------------------------


def _demo(args: argparse.Namespace) -> int:
    if args.headless and args.out is None:
        raise AppError("cli.out_needed")
    if not args.headless:
        _need_display()
    from tools.demo import main as demo_main

    return demo_main.run(
        _load(args), headless=args.headless, out=args.out, scenarios=args.scenario or ["withdrawal", "deposit"]
    )


def _test(args: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(HOME)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(args.words or _whole_suite())])


def _whole_suite() -> list[str]:
    """A module at a time on each processor; one processor is no reason for a second process."""
    processors = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)
    if processors == 1:
        return []
    return ["-n", str(processors), "--dist", "loadscope", "--no-loadscope-reorder"]


# --- tools -----------------------------------------------------------------------------------------------------


def _ocr_read(args: argparse.Namespace) -> int:
    from ocr import cli
    from ocr.words import reading_in_words

    readings = cli.read_images(args.images, _load_for_tool(args))
    if args.json:
        print(json.dumps(readings, ensure_ascii=False, indent=2))
    else:
        for reading in readings:
            print(reading_in_words(reading))
    return cli.reading_status(readings)


def _face_match(args: argparse.Namespace) -> int:
    from ocr import cli
    from ocr.words import match_in_words

    result = cli.match(args.a, args.b, _load_for_tool(args))
    print(json.dumps(result, ensure_ascii=False, indent=2) if args.json else match_in_words(result))
    return cli.match_status(result)


def _verify(args: argparse.Namespace) -> int:
    from server.vouchers import cli

    status, lines = cli.verify_command(args.voucher, _load_for_tool(args).data_dir, args.ca)
    if status == 2:
        print("guitai:", " ".join(line.strip() for line in lines), file=sys.stderr)
    else:
        print("\n".join(lines))
    return int(status)


def _seal(args: argparse.Namespace) -> int:
    from server import seal_cli

    loaded = _load_for_tool(args).server
    given = args.server or {"host": loaded.host, "port": loaded.port, "tls": loaded.tls}
    url = f"{'https' if given['tls'] else 'http'}://{given['host']}:{given['port']}"
    print("\n".join(seal_cli.run(url, loaded.trust, args)))
    return 0


def _privacy(args: argparse.Namespace) -> int:
    from server import privacy_cli

    loaded = _load_for_tool(args)
    print("\n".join(privacy_cli.report(loaded, sweep=args.sweep)))
    return 0


def _scenario(args: argparse.Namespace) -> int:
    from server import scenario_cli

    loaded = _load_for_tool(args)
    if args.scenario_command == "check":
        status, lines = scenario_cli.check(args.file)
    elif args.scenario_command == "show":
        status, lines = scenario_cli.show(args.name, loaded.data_dir, datetime.now().astimezone().date())
    else:
        status, lines = scenario_cli.names(loaded.data_dir)
    print("\n".join(lines))
    return int(status)


# --- words -----------------------------------------------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    common = _common_options()
    parser = OneLineParser(prog="guitai", description="Guitai 柜台: a bank counter over video")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=OneLineParser)

    def add(name: str, text: str, action: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common])
        command.set_defaults(action=action)
        return command

    demo = add("demo", "the whole counter on this machine", _demo)
    demo.add_argument("--headless", action="store_true", help="no display; play one visit and leave pictures")
    demo.add_argument("--out", type=Path, metavar="DIR", help="where pictures, voucher and report.json go")
    demo.add_argument("--scenario", action="append", choices=["withdrawal", "deposit", "reject", "opening", "passbook"])

    test = commands.add_parser("test", help="the test suite; further words go to pytest", add_help=False)
    test.set_defaults(action=_test)

    server = add("server", "the server", _server)
    server.add_argument("--host")
    server.add_argument("--port", type=int)
    server.add_argument("--database", metavar="URL", help="any SQLAlchemy URL (default: SQLite in the data directory)")
    server.add_argument("--authorities", type=Path, metavar="FILE", help="whom to ask who somebody is")
    server.add_argument("--seed-demo", action="store_true", help="fill an empty database with the demo bank")

    authorities = add("authorities", "simulated authorities that know who somebody is (HTTP)", _authorities)
    authorities.add_argument("--port", type=int, default=0, help="default: any free one")
    authorities.add_argument(
        "--register", type=existing_file, metavar="FILE", help="people they know (default: the demo's)"
    )

    devices = add("devices", "the simulated machine (XFS4IoT over WebSocket)", _devices)
    devices.add_argument("--port", type=int, help="default: the first free one of 5846..5856")
    devices.add_argument("--hands-port", type=int, help="the customer's hands (not XFS)")
    devices.add_argument("--machine", metavar="NUMBER", help="default: K-02")
    devices.add_argument("--speed", type=float, help="mechanics this many times faster")

    _add_windows(add)
    _add_tools(commands, add, common)
    return parser


def _add_windows(add: Callable[..., argparse.ArgumentParser]) -> None:
    words = {
        "teller": "the teller's window",
        "authoriser": "the remote authoriser's window",
        "kiosk": "the customer's",
        "engineer": "the engineer's: services, cassettes, faults, messages, tests, replenishment of one machine",
    }
    logins = {"teller": "T-03", "authoriser": "A-07", "kiosk": "K-02", "engineer": "E-01"}
    for name, text in words.items():
        window = add(name, text, _window({"kiosk": "vtm"}.get(name, name)))
        window.add_argument("--server", type=_address, metavar="URL", help="default: http://127.0.0.1:8600")
        window.add_argument("--login", default=logins[name])
        window.add_argument("--credentials", type=Path, metavar="FILE", help="sign on with its password")
        window.add_argument("--wait", type=float, metavar="SECONDS", help="for the credentials file to be written")
        window.add_argument("--language", choices=["zh", "en"])
        window.add_argument("--theme", choices=["light", "dark"])
        window.add_argument("--camera", help="auto | synthetic[:PICTURE] | device:PATH | file:PATH")
        window.add_argument("--microphone", help="auto | synthetic | device:NAME | file:PATH")
        window.add_argument("--speaker", help="auto | none | device:NAME")
        window.add_argument("--measure", action="store_true", default=None, help="time codes in synthetic sources")
        window.add_argument("--automation", type=Path, metavar="FILE", help="let another process play the person")
        if name == "kiosk":
            window.add_argument("--machine", metavar="URL", help="XFS4IoT publisher (default: look for one here)")
            window.add_argument("--hands", type=Path, metavar="FILE", help="show the customer's hands beside it")


def _add_tools(commands: Any, add: Callable[..., argparse.ArgumentParser], common: OneLineParser) -> None:
    ocr = commands.add_parser("ocr", help="read documents").add_subparsers(
        dest="ocr_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    read = ocr.add_parser("read", help="read the fields of documents", parents=[common])
    read.add_argument("images", nargs="+", type=existing_file, metavar="IMAGE")
    read.add_argument("--json", action="store_true", help="one JSON array, an object a picture")
    read.set_defaults(action=_ocr_read)

    face = commands.add_parser("face", help="compare faces").add_subparsers(
        dest="face_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    match = face.add_parser("match", help="are these two the same person?", parents=[common])
    match.add_argument("a", type=existing_file, metavar="A")
    match.add_argument("b", type=existing_file, metavar="B")
    match.add_argument("--json", action="store_true")
    match.set_defaults(action=_face_match)

    scenario = commands.add_parser("scenario", help="scenarios as text files").add_subparsers(
        dest="scenario_command", metavar="COMMAND", required=True, parser_class=OneLineParser
    )
    check = scenario.add_parser("check", help="would this file be taken?", parents=[common])
    check.add_argument("file", type=existing_file, metavar="FILE")
    show = scenario.add_parser("show", help="merged form, transactions, what is shared and saved", parents=[common])
    show.add_argument("name", metavar="NAME")
    listed = scenario.add_parser("list", help="every scenario in force", parents=[common])
    for one in (check, show, listed):
        one.set_defaults(action=_scenario)

    seal_words.add(commands, common, OneLineParser, _address, _seal)

    privacy = add("privacy", "what is kept of faces, and for what", _privacy)
    privacy.add_argument("--sweep", action="store_true", help="remove now what has been kept long enough")

    verify = add("verify", "is this voucher genuine and unchanged?", _verify)
    verify.add_argument("voucher", type=existing_file, metavar="VOUCHER.pdf")
    verify.add_argument("--ca", type=existing_file, metavar="FILE", help="the bank's certificate")


def in_words(error: AppError) -> str:
    """One line for the terminal: what to do here, or else what the windows say."""
    with contextlib.suppress(KeyError):  # no line of its own, or not with what is known here
        return _SENTENCES[error.code].format(**error.params)
    from ui.kit.texts.book import TextBook

    book = TextBook()
    return book.words("en", book.error(error))


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = build_parser()
    given = list(sys.argv[1:] if words is None else words)
    if given[:1] == ["test"]:
        return _test(argparse.Namespace(words=given[1:]))
    args = parser.parse_args(given)
    try:
        return int(args.action(args))
    except AppError as error:
        print(f"guitai: {in_words(error)}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    except BrokenPipeError:
        # Whoever read our words has enough of them; closing the stream at exit must not complain of it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        where = _log_file()
        logging.getLogger("guitai").exception("command failed")
        print(f"guitai: {args.command} failed inside; {where} says more", file=sys.stderr)
        return 1


def _log_file() -> str:
    """Where this process logs to; a command that failed before it knew gets a file of its own."""
    root = logging.getLogger()
    if not root.handlers:
        handle, name = tempfile.mkstemp(prefix="guitai-", suffix=".log")
        os.close(handle)
        logs.configure("guitai", file=Path(name))
    return next((one.baseFilename for one in root.handlers if isinstance(one, logging.FileHandler)), "the log")


if __name__ == "__main__":
    sys.exit(main())
