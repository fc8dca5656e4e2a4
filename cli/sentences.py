"""What the command line says of an error: one line with what to do there."""

import contextlib

from common import paths
from common.errors import AppError

SENTENCES = {
    **paths.WORDS,
    "settings.unreadable": "cannot read the settings file {file}: {what}",
    "settings.invalid": "setting {where} ({source}): {what}",
    "data.unwritable": "cannot write in the data directory {directory}: choose another with --data",
    "cli.no_display": "no display: use ./run demo --headless --out DIR, or start it in a desktop session",
    "cli.dead_display": "no display answers at {display}: start it in a desktop session",
    "cli.wait_for_what": "--wait needs --credentials FILE",
    "cli.out_needed": "--headless needs --out DIR",
    "cli.out_unwritable": "cannot write in {directory}: choose another with --out",
    "cli.out_not_ours": "{directory} holds other data, which is not deleted: choose another with --out",
    "cli.not_together": "{option} and {other} do not go together: leave one of them out",
    "cli.only_with": "{option} needs {other}",
    "cli.password_needed": "no terminal to ask for the password: give --credentials FILE",
    "port.taken": "port {port} is taken: choose another",
    "server.cannot_listen": "cannot listen on {host} port {port}: choose another with --host and --port",
    "tls.no_certificate": "TLS needs a certificate: set server.certificate, and server.key",
    "tls.unreadable": "cannot use the certificate or key in {file}: check server.certificate, server.key, server.trust",
    "network.not_trusted": "the server's certificate is not trusted: check server.trust and the address",
    "store.bad_url": "--database: not the address of a database whose driver is installed (SQLite, PostgreSQL)",
    "store.unavailable": "the database is out of reach: check --database, then try again",
    "store.not_a_database": "{file} is not a database: check --database, or restore it from the backup",
    "keys.unreadable": "cannot read the key file {file} in the data directory: restore it from the backup",
    "keys.incomplete": "files are missing in {directory} of the data directory: restore them from the backup",
    "voucher.no_font": "no Chinese font for vouchers (looked for {names}): install Noto Sans CJK",
    "network.unreachable": "no server answers at the address: start one with ./run server",
    "auth.bad_credentials": "the server knows no such number with that password: check --login and --credentials",
    "signon.wrong_role": "{number} cannot sign on to this window: choose another with --login",
    "voucher.bad_anchor": "the bank's certificate cannot be read: give another with --ca",
    "devices.no_port": "no port is free for the simulated machine: choose another with --port",
    "devices.running": "machine {machine} runs already on this data: end it, or give another --machine or --data",
    "machine.bad_address": "not the address of a machine, like ws://127.0.0.1:5846: {address}",
    "authorities.bad_register": 'cannot read the people in {file}: JSON with "people", each with an id_number',
    "verification.bad_sources": 'cannot read the authorities in {file}: JSON with "sources", see ./run authorities',
    "hands.bad_props": "cannot read the customer's things in {file}",
    "signon.credentials": "the file {file} has no password for this number: check --login and --credentials",
    "ocr.models_missing": "the recognition models are missing ({file}): install the program again",
    "ocr.worker_died": "recognition ended twice without an answer: the log in the data directory says more",
    "ocr.timeout": "recognition took too long: try again",
    "ocr.busy": "recognition is busy: try again",
    "ocr.closed": "recognition has ended: try again",
    "ocr.failed": "recognition failed on this picture: the log in the data directory says more",
    "scenario.unknown": "no scenario of that name: ./run scenario list shows them",
    "demo.part_failed": "a part of the demo did not start: {part}; {log} says why",
    "demo.part_ended": "a part of the demo ended by itself: {part}; {log} says why",
}
"""Only where the terminal needs other words than the windows have."""


def in_words(error: AppError) -> str:
    """One line for the terminal: what to do here, or else what the windows say."""
    with contextlib.suppress(KeyError):  # no line of its own, or not with what is known here
        return SENTENCES[error.code].format(**error.params)
    from ui.kit.texts.book import TextBook

    book = TextBook()
    return book.words("en", book.error(error))
