"""How Django itself writes dates, where a language of ours does it otherwise than Django thinks."""
