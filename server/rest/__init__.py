"""REST routers of the business half, mounted under ``/api/v1``. Each area's module has ``router(services)``."""
