"""HTTP and WebSocket edge of the server: sessions, problem documents, signalling, calls, dispatch.

Runs on one asyncio loop. Services are synchronous and run in worker threads; what they say to the edge
(`server.services.ports`) crosses back through :class:`server.edge.loopcall.LoopCaller`.
"""
