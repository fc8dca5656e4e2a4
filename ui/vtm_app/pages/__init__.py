"""The kiosk's pages, one a module; each shows one layout of scene."""
