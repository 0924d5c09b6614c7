"""What the rows of co-operatives come to, so that a test sees whether anything changed."""

from collections.abc import Iterator, Mapping

from django.db import connection

from coopwerf.kernel.tenancy import tenant
from tests.cast import Cast

NOISE = (
    "django_session",
    "usersessions_usersession",
    "django_migrations",
    "kernel_tally",
    "procrastinate_periodic_defers",
)


def hashed(*coops: Cast) -> dict[str, tuple[int, str]]:
    """Return how many rows each table has and a hash of them all, as each of these co-operatives sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        tables = sorted({row[0] for row in cursor.fetchall()} - set(NOISE))
        sql = " UNION ALL ".join(
            f"SELECT '{table}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            for table in tables
        )
        found = {}
        for coop in coops:
            with tenant(coop.id):
                cursor.execute(sql)
                found.update({f"{coop.coop.slug}: {name}": (count, told) for name, count, told in cursor.fetchall()})
    return found


def changed(before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """Yield the tables that are different."""
    yield from (name for name, told in after.items() if before.get(name) != told)
