"""The wire of XFS4IoT (CWA 17852, publication 2024-03): envelope, catalogue of messages, completion codes."""
