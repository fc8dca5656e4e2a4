"""The kiosk's side of XFS4IoT: finds a machine and drives it. Works with any conformant host."""
