"""The simulator's side panel: a person's hands in front of the kiosk. No part of a real machine."""
