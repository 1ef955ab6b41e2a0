"""Guessing of passwords and codes is slowed down, and nobody can lock others out by it (docs/security.md).

Wrong attempts are counted in PostgreSQL: for all web hosts together, and also while the cache is away.
"""

import datetime as dt
import hashlib
import logging

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import LoginFailure
from accounts.origin import current_origin, household_of

logger = logging.getLogger(__name__)

SHORT, LONG, KEPT = dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1)
FROM_A_KNOWN_DEVICE = 10
"""Wrong attempts in the short time on an account from a device on which its owner has been logged in."""
FROM_A_NETWORK = 5
"""Those in the short time on an account from a network address otherwise."""
FROM_A_NETWORK_UNDER_ATTACK = 1
"""Those once strangers have tried the account often, wherever they are."""
OFTEN = 20
"""Wrong attempts of strangers on an account in the long time that are an attack."""
ON_ALL_ACCOUNTS = 50
"""Those in the short time from a network address on all accounts together."""
CODES_OF_STRANGERS = 20
"""Wrong codes in the long time: whoever is asked for one has the password, and there are only a million."""


class TooManyAttemptsError(Exception):
    """So often has been guessed that this attempt is not looked at."""


def begin_attempt(*, account: str, device: str, is_code: bool = False) -> LoginFailure:
    """A failure until `forgive` says otherwise: attempts at the same time count one another.

    `account` is an e-mail address, whether it exists or not; `device` the name of a known one, or nothing.
    Where no network address is known, all are counted as one. Raises TooManyAttemptsError; what is refused
    does not count.
    """
    address = current_origin().address
    attempt = LoginFailure.objects.create(
        account=account_hash(account),
        network=household_of(address) if address else "",
        device=device,
        is_code=is_code,
    )
    if _is_one_too_many(attempt):
        attempt.delete()
        logger.warning("Guessing is refused: account %.8s…, from %s", attempt.account, attempt.network)
        raise TooManyAttemptsError
    return attempt


def forgive(attempt: LoginFailure) -> None:
    """The password or code was the right one."""
    attempt.delete()


def note_failure(attempt: LoginFailure) -> None:
    """It was the wrong one: those who watch the logs are told, without a name."""
    what = "code" if attempt.is_code else "password"
    logger.warning("A wrong %s: account %.8s…, from %s", what, attempt.account, attempt.network)


def forget_failures() -> int:
    """Deletes those that nothing counts any more; returns how many."""
    return LoginFailure.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def account_hash(account: str) -> str:
    """What stands for an e-mail address, so that the list of failures names nobody."""
    return hashlib.sha256(account.strip().casefold().encode()).hexdigest()


def _is_one_too_many(attempt: LoginFailure) -> bool:
    on_account, recent = Q(account=attempt.account), Q(at__gt=attempt.at - SHORT)
    strangers = Q(device="")
    here = Q(network=attempt.network)
    counts = LoginFailure.objects.filter(
        on_account | here, at__gt=attempt.at - LONG, is_code=attempt.is_code
    ).aggregate(
        by_device=Count("pk", filter=on_account & recent & Q(device=attempt.device)),
        by_network=Count("pk", filter=on_account & recent & strangers & here),
        by_strangers=Count("pk", filter=on_account & strangers),
        by_everywhere=Count("pk", filter=recent & strangers & here),
    )
    if attempt.device:
        return bool(counts["by_device"] > FROM_A_KNOWN_DEVICE)
    if attempt.is_code and counts["by_strangers"] > CODES_OF_STRANGERS:
        return True
    is_attacked = counts["by_strangers"] - counts["by_network"] >= OFTEN
    limit = FROM_A_NETWORK_UNDER_ATTACK if is_attacked else FROM_A_NETWORK
    return bool(counts["by_network"] > limit or counts["by_everywhere"] > ON_ALL_ACCOUNTS)
