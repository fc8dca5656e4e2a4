"""REST routers of the business half. Each is made by ``router(services)`` and mounted under ``/api/v1``."""
