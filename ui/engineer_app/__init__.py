"""The engineer's window: one machine opened up, its services, cassettes, faults, messages and tests."""
