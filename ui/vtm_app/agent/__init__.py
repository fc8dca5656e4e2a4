"""The kiosk's brain, without Qt: follows the case, drives the machine, keeps the cash journal. Lives on the loop."""
