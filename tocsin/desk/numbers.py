"""What is the next ticket called?"""

from django.db import connection, models

PREFIX = {"incident": "INC", "request": "REQ", "complaint": "CMP", "drill": "DRL"}


class Counter(models.Model):
    """How many tickets of a kind have been numbered; its row lock makes each number one ticket's."""

    kind = models.TextField(primary_key=True)
    last = models.BigIntegerField(default=0)


def next_number(kind: str) -> str:
    """INC-17, after INC-16; belongs in the transaction that opens the ticket."""
    return numbers(kind, 1)[0]


def numbers(kind: str, count: int) -> list[str]:
    """The next `count` numbers of this kind, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Counter._meta.db_table} (kind, last) VALUES (%s, %s) "
            f"ON CONFLICT (kind) DO UPDATE SET last = {Counter._meta.db_table}.last + excluded.last RETURNING last",
            [kind, count],
        )
        last = cursor.fetchone()[0]
    prefix = PREFIX.get(kind, kind[:3].upper())
    return [f"{prefix}-{number}" for number in range(last - count + 1, last + 1)]
