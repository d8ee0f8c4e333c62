"""Who may sign in to the screens?"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from tocsin.directory.person import Person


class Accounts(BaseUserManager["Account"]):
    """Every account comes with its person, for whether that person works here is asked at every request."""

    def get_queryset(self) -> models.QuerySet[Account]:
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """A mail address and a password (as a hash) that let somebody in; what they see there is their person's.

    Without a person it opens nothing but the change of its own password. (R17.3)
    """

    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="account")
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Accounts()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="account_email_in_lower_case"),
            models.CheckConstraint(condition=~models.Q(email=""), name="account_has_an_email"),
        ]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **options: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **options)

    @property
    def is_active(self) -> bool:  # the name by which Django and allauth ask, at every request
        """Whether it may sign in, and stay: it is not disabled, and its person works here."""
        return self.disabled_at is None and (self.person is None or self.person.active)


class Attempt(models.Model):
    """What Django's database cache keeps: who tried to sign in lately. Shared by all web processes on all hosts.

    The columns are those of `django.core.cache.backends.db`; a model so that migrations make the table.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
