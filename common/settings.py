"""Settings of every process: one frozen tree, read from a TOML file and ``GUITAI_…`` variables.

Order, later wins: the defaults here, the file, the environment (``GUITAI_SERVER__PORT=9000`` is
``server.port``), what the command line says. An unknown key is an error that names it.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from common.errors import UserError


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(_Section):
    """Where the server listens, and where it keeps what it knows."""

    host: str = Field("127.0.0.1", description="address to listen on; windows look for the server there")
    port: int = Field(8600, ge=0, le=65535, description="0: any free one")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://\S+[^\s/]$",
        description="where customers reach it (codes on vouchers, for phones), as behind a proxy; none: host and port",
    )
    database_url: str | None = Field(None, description="any SQLAlchemy URL; none: SQLite in data_dir, WAL mode")
    tls: bool = Field(False, description="HTTPS and WSS instead of HTTP and WS; the server then needs a certificate")
    certificate: Path | None = Field(
        None, description="PEM file: the server's certificate, then what leads to its authority"
    )
    key: Path | None = Field(None, description="PEM file: the certificate's key; none: in the certificate's file")
    trust: Path | None = Field(
        None, description="PEM file: authorities that windows and guitai seal trust; none: the system's"
    )
    session_minutes: int = Field(15, ge=1, le=720, description="a session that is not renewed ends after that")
    capture_minutes: int = Field(
        10, ge=1, le=60, description="a link for a picture from the customer's phone ends after that"
    )
    task_seconds: int = Field(180, ge=5, description="an authorisation task not decided by then goes to another")


class IceServerSettings(_Section):
    """A STUN or TURN server (RFC 7064, RFC 7065)."""

    url: str = Field(pattern=r"^(stun|stuns|turn|turns):", description="stun:host:3478 | turn:host:3478?transport=udp")
    username: str | None = Field(None, description="for TURN")
    credential: str | None = Field(None, description="for TURN")


PORTRAITS = ("customer", "teller")
"""Who can stand before a synthetic camera without a picture of the bank's own."""


def _one_of(value: str, *words: str) -> str:
    """The value, where it is one of the words; ``file:PATH`` stands for all that name something after the colon."""
    named = {word.partition(":")[0] for word in words if ":" in word}
    before, colon, after = value.partition(":")
    if (before in named and after.strip()) if colon else value in words:
        return value
    raise ValueError(f"{value!r} is none of {' | '.join(words)}")


class VideoSettings(_Section):
    """Sources and size of a call. ``auto`` takes real devices where there are any, else synthetic ones."""

    camera: str = Field(
        "auto", description="auto | synthetic | synthetic:teller|customer|PATH | device:/dev/video0 | file:PATH | off"
    )
    microphone: str = Field("auto", description="auto | synthetic | device:NAME | file:PATH | off")
    speaker: str = Field("auto", description="auto | none | device:NAME")
    width: int = Field(1280, description="of the picture that is sent, pixels")
    height: int = Field(720, description="of the picture that is sent, pixels")
    fps: int = Field(30, ge=5, le=60, description="pictures a second")
    ice_servers: tuple[IceServerSettings, ...] = Field((), description="none: the two sides reach each other directly")
    measure: bool = Field(False, description="draw time codes and clicks into synthetic sources and read them back")

    @field_validator("camera")
    @classmethod
    def _a_camera(cls, value: str) -> str:
        return _one_of(value, "auto", "synthetic", "off", "synthetic:PICTURE", "device:PATH", "file:PATH")

    @field_validator("microphone")
    @classmethod
    def _a_microphone(cls, value: str) -> str:
        return _one_of(value, "auto", "synthetic", "off", "device:NAME", "file:PATH")

    @field_validator("speaker")
    @classmethod
    def _a_speaker(cls, value: str) -> str:
        return _one_of(value, "auto", "none", "device:NAME")

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that a call will read. A device may be plugged in later; a file that is not there is a slip."""
        told = (self.camera.partition(":"), self.microphone.partition(":"))
        ours = ("", *PORTRAITS)
        return tuple(Path(at) for word, _, at in told if word == "file" or (word == "synthetic" and at not in ours))


class OcrSettings(_Section):
    """The vision worker."""

    model_dir: Path | None = Field(None, description="directory of models; none: those in the installed packages")
    time_limit_s: float = Field(20.0, gt=0, description="for one picture; then the worker is started anew")
    threads: int = Field(2, ge=1, description="of the models")


class IdentitySettings(_Section):
    """Authorities that are asked who somebody is (联网核查), and how long pictures of faces are kept."""

    sources: Path | None = Field(None, description="file of the verification sources; none: this bank asks nobody")
    time_limit_s: float = Field(4.0, gt=0, le=30, description="for one question over all sources")
    sweep_minutes: int = Field(60, ge=1, description="how often what has been kept long enough is removed")


class FaceSettings(_Section):
    """Is a living person before the camera, and the same one throughout?"""

    gestures: int = Field(4, ge=0, le=5, description="that a liveness check asks for, 2 to 5; 0: no check")
    film: bool = Field(True, description="the server judges a check by the kiosk's film; off: by the window's word")
    look_every_s: float = Field(30.0, ge=0, description="seconds between looks at who is there, on average; 0: none")

    @field_validator("gestures")
    @classmethod
    def _one_is_too_few(cls, value: int) -> int:
        if value == 1:
            raise ValueError("a check asks for 2 to 5 gestures, or for none")
        return value


class VoucherSettings(_Section):
    """How vouchers are sealed."""

    time_service: str | None = Field(
        None, pattern="^https?://.+", description="RFC 3161 service that stamps every seal; none: the bank's own time"
    )


class DeviceServiceSettings(_Section):
    """A service of another XFS4IoT host that takes the place of the machine's own."""

    interface: str = Field(pattern="^[A-Za-z]{3,40}$", description="what it does, e.g. `Printer`")
    uri: str = Field(pattern="^wss?://.+", description="where it is")


class DeviceSettings(_Section):
    """The simulated VTM, and where the kiosk finds a machine."""

    host: str = Field("127.0.0.1", description="address of the machine")
    port: int = Field(0, ge=0, le=65535, description="0: the first free one of the standard's 5846..5856")
    hands_port: int = Field(0, ge=0, le=65535, description="the customer's hands; 0: any free one")
    speed: float = Field(1.0, gt=0, description="mechanics this many times faster than life")
    vtm: str = Field("K-02", pattern="^[A-Za-z0-9-]{1,32}$", description="number of the machine")
    dialect: Literal["spec", "kal"] = Field("spec", description="whose spelling of XFS4IoT simulator and kiosk write")
    record: Path | None = Field(
        None, description="a folder in which machine and kiosk keep every XFS4IoT message, card numbers included"
    )
    services: tuple[DeviceServiceSettings, ...] = Field((), description="none: the machine's own services are used")


class UiSettings(_Section):
    """How windows look."""

    language: Literal["zh", "en"] = Field("zh", description="at the start; every window can switch")
    theme: Literal["light", "dark"] = Field("light", description="at the start; staff can switch")
    reduce_motion: bool = Field(False, description="no animation")
    speech: bool = Field(False, description="the kiosk speaks each step, where the machine has espeak-ng")
    ring: bool = Field(True, description="a tone in the teller's window while a customer is offered")
    ring_volume: int = Field(100, ge=30, le=100, description="of that tone, per cent; it is never too low to hear")


class Settings(_Section):
    """Everything a Guitai process may be told."""

    data_dir: Path = Field(Path(".guitai"), description="everything a process keeps")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least grave records written")
    server: ServerSettings = ServerSettings()
    video: VideoSettings = VideoSettings()
    ocr: OcrSettings = OcrSettings()
    identity: IdentitySettings = IdentitySettings()
    face: FaceSettings = FaceSettings()
    vouchers: VoucherSettings = VoucherSettings()
    devices: DeviceSettings = DeviceSettings()
    ui: UiSettings = UiSettings()

    @property
    def server_url(self) -> str:
        """Base address of the server for clients, without a slash at the end."""
        return f"http{'s' if self.server.tls else ''}://{self.server.host}:{self.server.port}"


Place = tuple[str | int, ...]
"""Where a setting stands: ``("devices", "services", 0, "interface")``."""
Objection = tuple[Place, str]
"""A setting that is none, and what is wrong with it."""


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = dict(value) if isinstance(value, Mapping) else value
    return base


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith("GUITAI_"):
            continue
        *sections, leaf = name.removeprefix("GUITAI_").lower().split("__")
        nested: dict[str, Any] = {leaf: value}
        for section in reversed(sections):
            nested = {section: nested}
        _merge(tree, nested)
    return tree


def _source(loc: Place, file: Path | None, variables: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Who said the value at ``loc``: of those who said anything there, the last one counted."""

    def says(tree: Any) -> bool:
        for part in loc:
            if not isinstance(tree, Mapping):
                return True
            if part not in tree:
                return False
            tree = tree[part]
        return True

    if says(words):
        return "command line"
    if says(variables):
        return "GUITAI_" + "__".join(str(part).upper() for part in loc)
    return str(file) if file is not None else "built in"


def load(
    file: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    check: Callable[[Settings], Objection | None] = lambda _: None,
) -> Settings:
    """Read the settings of this process.

    Args:
        check: objects to what only another room can know to be wrong.

    Raises:
        UserError: ``settings.unreadable`` (the file) or ``settings.invalid`` (``where``, ``what``, and ``source``: the
            file, the environment variable or ``command line``).
    """
    tree: dict[str, Any] = {}
    if file is not None:
        try:
            tree = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UserError("settings.unreadable", file=str(file), what=str(error)) from error
    variables = _from_environment(os.environ if environment is None else environment)
    _merge(tree, variables)
    _merge(tree, overrides or {})
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise _invalid(_objection(error), file, variables, overrides or {}) from error
    objection = check(settings)
    if objection is not None:
        raise _invalid(objection, file, variables, overrides or {})
    return settings


def _objection(error: ValidationError) -> Objection:
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    return first["loc"], "there is no such setting" if first["type"] == "extra_forbidden" else said


def _invalid(
    objection: Objection, file: Path | None, variables: Mapping[str, Any], words: Mapping[str, Any]
) -> UserError:
    place, what = objection
    where = ".".join(str(part) for part in place)
    return UserError("settings.invalid", where=where, what=what, source=_source(place, file, variables, words))
