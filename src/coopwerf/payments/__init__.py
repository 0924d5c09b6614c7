"""Payments: bank accounts, statements, claims, matches, payments to make."""
