"""Ledger: double-entry accounts, entries, periods."""
