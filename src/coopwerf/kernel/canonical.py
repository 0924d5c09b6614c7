"""SQL that writes canonical text: for the bodies of a register's rows, which the database can write itself.

`r` is the row. Each expression gives what `coopcalc` writes in Python for the same value; a test holds them together.
"""


def id_sql(column: str) -> str:
    """Return SQL that writes an id, or null, as canonical text."""
    return f"coalesce('\"' || r.{column} || '\"', 'null')"


def date_sql(column: str) -> str:
    """Return SQL that writes a date, or null, as canonical text."""
    return f"""coalesce('"' || to_char(r.{_quoted(column)}, 'YYYY-MM-DD') || '"', 'null')"""


def text_sql(expression: str) -> str:
    """Return SQL that writes text as canonical text: what JSON escapes, PostgreSQL escapes alike."""
    return f"to_json({expression}::text)"


def _quoted(column: str) -> str:
    return f'"{column}"'
