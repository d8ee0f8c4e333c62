"""Which program may speak to the desk, as whom, about what?"""

from django.db import models
from django.db.models import Q

READ, WRITE, ALERT = "tickets:read", "tickets:write", "alerts:write"
SCOPES = (READ, WRITE, ALERT)
RATE = 20


class ApiKey(models.Model):
    """A program's key; only its SHA-256 is stored, which is enough for 256 random bits.

    What it does is done by `person`, within their rights; with a `client` it sees that client's rows alone. `scopes`
    are words apart by spaces. `rate` is how many requests a second it may send in the long run. A key is never deleted,
    only revoked. (R21.2)
    """

    person = models.ForeignKey("tocsin.Person", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("tocsin.Client", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField(default="", blank=True)
    scopes = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    rate = models.PositiveIntegerField(default=RATE)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(scopes=""), name="api_key_opens_something")]

    def __str__(self) -> str:
        return f"key {self.pk} of {self.person}"

    def may(self, scope: str) -> bool:
        """Whether it was made for this."""
        return scope in self.scopes.split()


class ApiAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, to be said again when it comes again.

    `fingerprint` is the SHA-256 of method, address and body: another request must not have this answer.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    token = models.TextField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    kind = models.TextField(default="")
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "token"], name="api_answer_once")]

    def __str__(self) -> str:
        return f"answer {self.status} to {self.token}"
