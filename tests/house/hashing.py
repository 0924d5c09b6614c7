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


class Watch:
    """Rows of co-operatives, and what changed among them since somebody asked last."""

    def __init__(self, *coops: Cast) -> None:
        self._coops = coops
        self._writes, self._rows = written(), hashed(*coops)

    def changes(self) -> list[str]:
        """Return the tables in which something changed."""
        # Where nothing was written nothing can have changed; to read everything takes a hundred times longer.
        writes = written()
        if writes == self._writes:
            return []
        before, self._writes, self._rows = self._rows, writes, hashed(*self._coops)
        return list(changed(before, self._rows))


def written() -> dict[str, int]:
    """Return how many rows this transaction wrote, changed or deleted in each table, also what it then undid."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: number for name, number in cursor.fetchall() if name not in NOISE}


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
