"""Fraud screening of money that leaves the bank: lists and rules as text, a verdict with its reasons."""
