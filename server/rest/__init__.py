"""REST routers of the business half, mounted under ``/api/v1``. Each module has ``router(services)``."""

from fastapi import APIRouter

from server.rest import cases, desk, evidence, machines, tasks
from server.services.bundle import Services


def routers(services: Services) -> list[APIRouter]:
    """All of them."""
    return [module.router(services) for module in (cases, tasks, desk, machines, evidence)]
