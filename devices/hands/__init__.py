"""The customer's hands: a small protocol beside XFS4IoT, for side panel, demo and tests."""
