"""How the parts are put together and started; nobody else imports this package."""
