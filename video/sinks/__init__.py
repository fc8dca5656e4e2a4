"""Where pictures and sound go: a screen, a speaker, and whoever taps them (later: the recording)."""
