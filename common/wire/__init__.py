"""The one contract between server and clients: REST bodies (`cases`, `authorisation`, `desk`, `sessions`)
and the signalling messages of ``/ws/v1`` (`signalling`).

Bodies are frozen pydantic models. Clients ignore members they do not know; the server refuses them.
Texts for people never travel: codes and parameters do, and each window has its own words.
"""
