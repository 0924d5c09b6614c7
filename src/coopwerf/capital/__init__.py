"""Capital: share offers, subscriptions, and the proof that register, ledger and bank agree."""
