"""Atomic transactions: each with its own fields, checks, bookings and registrations, words, and way back."""
