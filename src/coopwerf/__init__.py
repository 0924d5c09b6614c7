"""Coopwerf: found, finance, govern, run and share a co-operative."""
