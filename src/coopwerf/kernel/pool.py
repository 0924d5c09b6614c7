"""What happens to a database connection that goes back to the pool. Settings import this: nothing here needs Django."""

from typing import Any

COOP_SETTING = "coopwerf.coop"
PARTIES_SETTING = "coopwerf.parties"


def forget_tenant(raw: Any) -> None:
    """Clear, on a psycopg connection, whose rows it may show."""
    autocommit = raw.autocommit
    raw.autocommit = True
    raw.execute(f"SELECT set_config('{COOP_SETTING}', '', false), set_config('{PARTIES_SETTING}', '', false)")
    raw.autocommit = autocommit
