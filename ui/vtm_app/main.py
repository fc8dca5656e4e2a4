"""The kiosk's process: what is opened for the window, and in which order it is closed (by the bridge)."""

from argparse import Namespace
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from common.clock import SystemIds
from common.settings import Settings
from common.wire.sessions import Role
from devices.client.journal import CashJournal
from devices.client.machine import DeviceEvent, Machine
from ocr.client import GuideClient
from ui.kit.app import AppSession, run_app
from ui.kit.call_link import CallLink
from ui.kit.hands_link import HandsLink
from ui.kit.local_machine import address_of, connect_machine, running_simulator
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.guide import Guide
from ui.vtm_app.agent.host import Eye
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.controller import Controller
from ui.vtm_app.hands.panel import HandsPanel
from ui.vtm_app.hands.props import read_props
from ui.vtm_app.scale import fit_screen, room_beside
from ui.vtm_app.speech import find_voice
from ui.vtm_app.window import WINDOW_FLAGS, KioskWindow


def make_agent(session: AppSession, on_screen: Callable[[Screen], object], eye: Eye | None = None) -> KioskAgent:
    """The brain, with the machine and the journal of this kiosk."""
    settings, args, clock = session.settings, session.args, session.clock
    ids = SystemIds()
    journal = CashJournal(settings.data_dir / "kiosk" / f"{session.user.number}.sqlite3", clock, ids)

    async def connect(on_event: Callable[[DeviceEvent], None]) -> Machine:
        return await connect_machine(settings, args.machine, on_event)

    guide = Guide(lambda: agent.machine.lights)

    def shown(screen: Screen) -> None:
        guide.follow(screen)
        on_screen(screen)

    looker = GuideClient(settings)
    agent = KioskAgent(
        session.api, session.signalling, connect, journal, clock, ids, on_screen=shown, guide=looker, eye=eye
    )  # fmt: skip
    session.bridge.on_close(looker.close)
    session.bridge.on_close(agent.close)
    session.bridge.on_close(guide.close)
    session.bridge.submit(guide.run)
    return agent


def _hands(session: AppSession, scale: float, call: CallLink) -> HandsPanel | None:
    """The simulator's panel, when asked for."""
    if session.args.hands is None:
        return None
    vtm = session.settings.devices.vtm
    link = HandsLink(session.bridge, lambda: running_simulator(session.settings.data_dir, vtm))
    props = read_props(session.args.hands)
    return HandsPanel(
        session.kit.language, link, props, vtm, enlarge=1 / scale, face=call.act, room=room_beside(scale)
    )  # fmt: skip


def build(session: AppSession, scale: float) -> QWidget:
    """Compose the window from what was opened for it."""
    bridge = session.bridge
    link = CallLink(bridge, session.signalling, session.settings.video, "customer")
    screens: list[Controller] = []

    def on_screen(screen: Screen) -> None:
        bridge.emit_to_gui(lambda: screens[0].set_screen(screen), screens[0])

    agent = make_agent(session, on_screen, link.own_snapshot)
    voice = find_voice(session.settings.ui.speech)
    controller = Controller(agent.taps, bridge.submit, session.clock, audible=voice.audible)
    screens.append(controller)
    place = "·".join(filter(None, (session.user.number, session.user.place)))
    window = KioskWindow(session.kit, controller, link, voice, place=place, beside=_hands(session, scale, link))
    if scale == 1.0:
        window.setWindowFlags(WINDOW_FLAGS)
    session.connection.changed.connect(lambda lost: bridge.call_soon(lambda: agent.note_online(lost is None)))
    session.figures["call"] = lambda: link.figures() or {}
    bridge.submit(agent.start, owner=window)
    return window


def run(settings: Settings, args: Namespace) -> int:
    """Run the kiosk's window until it is closed; the process's exit status.

    Raises:
        UserError: ``machine.bad_address``, ``hands.bad_props``: said before a window opens.
    """
    if args.machine is not None:
        address_of(args.machine)
    if args.hands is not None and args.wait is None:
        read_props(args.hands)
    scale = fit_screen()
    return run_app(settings, args, Role.KIOSK, lambda session: build(session, scale), sheet="kiosk")
