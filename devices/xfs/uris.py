"""Where services live: ports and paths of the standard."""

BASE_PATH = "/xfs4iot/v1.0"
STANDARD_PORTS = tuple(range(5846, 5857))
"""A host takes the first free one; a client probes all of them."""


def publisher_uri(host: str, port: int) -> str:
    """Address of the service publisher of a host."""
    return f"ws://{host}:{port}{BASE_PATH}/"


def service_uri(host: str, port: int, service: str) -> str:
    """Address of a service on the publisher's own port."""
    return f"ws://{host}:{port}{BASE_PATH}/{service}/"
