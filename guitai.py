"""Command line of Guitai, and the one module that may import every room.

Each command imports the room it starts only when it runs: the server must not load Qt, nor a window the models.
Errors meant for a person are one line on standard error; exit status 2 says the words or files were wrong.
"""

import argparse
import asyncio
import errno
import importlib
import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.sentences import in_words
from cli.words import build_parser, paths_for_pytest
from common import logs, paths, settings
from common.commandline import one_line
from common.errors import AppError, UserError

HOME = Path(__file__).resolve().parent


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


def _load(args: argparse.Namespace, **sections: dict[str, Any]) -> settings.Settings:
    overrides: dict[str, Any] = {k: v for k, v in sections.items() if v}
    if args.data is not None:
        overrides["data_dir"] = args.data.absolute()
    elif "GUITAI_DATA_DIR" not in os.environ and args.config is None:
        overrides["data_dir"] = HOME / ".guitai"
    if args.log_level:
        overrides["log_level"] = args.log_level
    return settings.load(args.config, overrides, check=_unknown_interface)


def _unknown_interface(loaded: settings.Settings) -> settings.Objection | None:
    """A service of another host that nothing would ever ask: its interface is none."""
    if not loaded.devices.services:
        return None
    from devices.client import discovery
    from devices.xfs import catalogue

    for place, one in enumerate(loaded.devices.services):
        if not discovery.is_known(one.interface, catalogue.load()):
            return ("devices", "services", place, "interface"), f"there is no interface {one.interface}"
    return None


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


# --- processes -------------------------------------------------------------------------------------------------


def _server(args: argparse.Namespace) -> int:
    from ocr.client import GuideClient
    from ocr.face_judge import FaceJudge
    from server import main as server_main

    listening = _given(host=args.host, port=args.port, database_url=args.database)
    loaded = _load(args, server=listening, identity=_given(sources=args.authorities and args.authorities.absolute()))
    if args.authorities_later and loaded.identity.sources is None:
        raise AppError("cli.only_with", option="--authorities-later", other="--authorities")
    _log("server", loaded)
    return server_main.run(
        loaded,
        seed_demo=args.seed_demo,
        sources_later=args.authorities_later,
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


_IN_CALLS = ("teller", "vtm")


def _window(app: str) -> Callable[[argparse.Namespace], int]:
    def start(args: argparse.Namespace) -> int:
        from devices.xfs import record

        _check_files(args)
        loaded = _load(
            args,
            server=args.server,
            video=_given(camera=args.camera, microphone=args.microphone, speaker=args.speaker, measure=args.measure),
            ui=_given(language=args.language, theme=args.theme),
        )
        if app in _IN_CALLS:
            _check_there(loaded.video.files)
        if sys.platform.startswith("linux") and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
            _need_display()
        module = importlib.import_module(f"ui.{app}_app.main")
        _log(app, loaded, file=f"{app}-{args.login}")
        record.begin(loaded.devices.record)
        return int(module.run(loaded, args))

    return start


def _check_files(args: argparse.Namespace) -> None:
    """Files that a window is given must be there, unless it is to wait until they are written."""
    if args.wait is not None and args.credentials is None:
        raise AppError("cli.wait_for_what")
    given = (file for file in (args.credentials, getattr(args, "hands", None)) if file is not None)
    _check_there(given, or_later=args.wait is not None)


def _check_there(files: Iterable[Path], *, or_later: bool = False) -> None:
    for file in files:
        fault = paths.fault_of_file(file)
        if fault is not None and not (or_later and fault == "file.missing"):
            raise UserError(fault, file=str(file))


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
    if args.headless and args.data is not None:
        raise AppError("cli.not_together", option="--data", other="--headless")
    for option, value in (("--out", args.out), ("--scenario", args.scenario)):
        if value is not None and not args.headless:
            raise AppError("cli.only_with", option=option, other="--headless")
    loaded = _load(args)
    if not args.headless:
        _need_display()
    from tools.demo import main as demo_main

    return demo_main.run(
        loaded,
        headless=args.headless,
        out=args.out,
        scenarios=args.scenario or ["withdrawal", "deposit"],
        words=_common_words(args),
    )


def _common_words(args: argparse.Namespace) -> list[str]:
    """What was said of every process, for those that this one starts."""
    config = ["--config", str(args.config.absolute())] if args.config is not None else []
    return config + (["--log-level", args.log_level] if args.log_level else [])


def _test(args: argparse.Namespace) -> int:
    for path in paths_for_pytest(args.words):
        if (fault := paths.fault_of(HOME / path)) is not None:
            raise UserError(fault, file=path)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(HOME)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(args.words or _whole_suite())])


def _whole_suite() -> list[str]:
    """A module at a time on each processor, and one more for the times when the others only wait for a process they
    have started; one processor is no reason for a second."""
    processors = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)
    if processors == 1:
        return []
    return ["-n", str(processors + 1), "--dist", "loadscope", "--no-loadscope-reorder"]


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
    told = json.dumps(cli.match_as_json(result), ensure_ascii=False, indent=2)
    print(told if args.json else match_in_words(result))
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


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "test": _test,
    "server": _server,
    "authorities": _authorities,
    "devices": _devices,
    "teller": _window("teller"),
    "authoriser": _window("authoriser"),
    "kiosk": _window("vtm"),
    "engineer": _window("engineer"),
    "ocr read": _ocr_read,
    "face match": _face_match,
    "scenario": _scenario,
    "seal": _seal,
    "privacy": _privacy,
    "verify": _verify,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = build_parser()
    given = list(sys.argv[1:] if words is None else words)
    if given[:1] == ["test"]:
        args = argparse.Namespace(command="test", does="test", words=given[1:])
    else:
        args = parser.parse_args(given)
    try:
        return int(_ACTIONS[args.does](args))
    except AppError as error:
        print(one_line(f"guitai: {in_words(error)}"), file=sys.stderr)
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
