"""Plain HTTP to servers on loopback."""

import ssl

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, and is made at once; httpx would load the system's authorities for every client."""
