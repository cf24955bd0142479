from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from diary.models.alerts import Alert


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def inactive(self) -> Self:
        return self.filter(is_active=False)

    def locked(self, now: datetime) -> Self:
        """Return active people whose account was tried too often: no unknown browser lets them in for a while."""
        return self.active().filter(tries__device="", tries__locked_until__gt=now)

    def with_lock(self, now: datetime) -> Self:
        """Add `locked_until`: until when too many tries keep unknown browsers out, or null."""
        locking = models.Q(tries__device="", tries__locked_until__gt=now)
        return self.annotate(locked_until=models.Max("tries__locked_until", filter=locking))

    def with_second_step(self) -> Self:
        """Return people who sign in with an app's codes or a key besides the password."""
        return self.filter(authenticator__type__in=["totp", "webauthn"]).distinct()

    def admins(self) -> Self:
        return self.filter(role=User.Role.ADMIN)

    def patients(self) -> Self:
        return self.filter(role=User.Role.PATIENT)

    def matching(self, words: str) -> Self:
        """Return people whose name or address contains the words."""
        return self.filter(models.Q(name__icontains=words) | models.Q(email__icontains=words)) if words else self.all()

    def with_credential(self) -> Self:
        """Add `verified_until`: the last day of a practitioner's latest checked credential, or null."""
        checked = models.Q(practitioner__credentials__checked_on__isnull=False)
        return self.annotate(verified_until=models.Max("practitioner__credentials__expires_on", filter=checked))

    def to_verify(self, on: date) -> Self:
        """Return active practitioners without a credential that counts on that day."""
        lacking = models.Q(verified_until=None) | models.Q(verified_until__lt=on)
        return self.with_credential().active().filter(lacking, role=User.Role.PRACTITIONER)

    def lapsed(self, on: date) -> Self:
        """Return active practitioners whose latest credential counted before that day and no more."""
        return self.with_credential().active().filter(verified_until__lt=on, role=User.Role.PRACTITIONER)

    def unconfirmed(self, now: datetime) -> Self:
        """Return active practitioners who have not confirmed a monthly test within a week."""
        late = Alert.objects.unconfirmed(now).filter(practitioner=models.OuterRef("pk"))
        return self.active().filter(models.Exists(late), role=User.Role.PRACTITIONER)

    def expiring(self, on: date, by: date) -> Self:
        """Return active practitioners whose credential counts on that day but not after `by`."""
        return self.with_credential().active().filter(verified_until__range=(on, by), role=User.Role.PRACTITIONER)


class AccountManager(BaseUserManager["User"]):
    use_in_migrations = False

    def create_user(self, *, email: str, role: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.spelled(email), role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make the first admin, whose address counts as theirs: who commands the machine need not prove it by mail."""
        user = self.create_user(email=email, password=password, role=User.Role.ADMIN, is_superuser=True, **fields)
        addresses = apps.get_model("account", "EmailAddress").objects
        addresses.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=self.spelled(email or ""))

    @staticmethod
    def spelled(email: str) -> str:
        """Return the one spelling under which an address is kept: addresses that differ in case are one."""
        return email.strip().lower()


UserManager = AccountManager.from_queryset(UserQuerySet)


class User(AbstractBaseUser, PermissionsMixin):
    """One person who signs in, by e-mail, in exactly one role."""

    class Role(models.TextChoices):
        PATIENT = "patient", _("Patient")
        PRACTITIONER = "practitioner", _("Practitioner")
        ADMIN = "admin", _("Admin")

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    session_round = models.PositiveIntegerField(default=0)
    """Raised by one, it ends every session begun before."""

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_an_address"),
            models.CheckConstraint(
                condition=models.Q(role__in=["patient", "practitioner", "admin"]), name="user_role_known"
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_session_auth_hash(self):
        """Return what a session must still agree with: another password, role or round ends it at its next request."""
        return self._session_auth_hash(None)

    def get_session_auth_fallback_hash(self):
        """Yield the same under each retired secret key."""
        yield from map(self._session_auth_hash, settings.SECRET_KEY_FALLBACKS)

    def _session_auth_hash(self, secret):
        said = f"{self.password} {self.role} {self.session_round}"
        return salted_hmac("diary.User.session", said, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_patient(self):
        return self.role == self.Role.PATIENT

    @property
    def is_practitioner(self):
        return self.role == self.Role.PRACTITIONER

    @property
    def is_admin(self):
        return self.role == self.Role.ADMIN

    @property
    def is_staff(self):
        """Tell Django's admin site, which holds accounts only, whom to let in."""
        return self.is_admin
