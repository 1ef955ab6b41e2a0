"""Every page that a reader can open, from the URL configuration: a new one cannot be forgotten.

A page whose address takes nothing is found by itself; one that takes something needs examples here. What is
no page for the eye (answers to forms, files, fragments), or stands only where somebody's work does, is named
too; tests/portal/test_every_page.py holds the lists against the URL configuration.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import LocalePrefixPattern, URLPattern, get_resolver, reverse
from django.utils.translation import override

PROGRAMMES = ["almaty-2025", "monotowns-2012-2020"]
EXAMPLES: dict[str, list[list[object]]] = {
    "papers:paper-order": [["programme"]],
    "portal:indicator-detail": [["neet-share"]],
    "portal:territory-detail": [["almaty"], ["temirtau"]],
    "programmes:kpi-breakdowns": [["almaty-2025", "KPI-7"]],
    "programmes:kpi-list": [["almaty-2025"]],
    "programmes:kpi-places": [["monotowns-2012-2020", "M-4"]],
    "programmes:programme-detail": [[code] for code in (*PROGRAMMES, "semey-2050")],
    "programmes:programme-progress": [[code] for code in PROGRAMMES],
    "programmes:goal-detail": [["almaty-2025", "IV"]],
    "programmes:kpi-detail": [["almaty-2025", "KPI-7"], ["monotowns-2012-2020", "M-4"]],
    "programmes:kpi-revisions": [["almaty-2025", "KPI-4"]],
    "programmes:indicator-kpis": [["neet-share"]],
    "programmes:discrepancy-detail": [["almaty-2025", "D-004-1"]],
    "programmes:inquiry-detail": [["ds-275"]],
    "programmes:measure-detail": [["almaty-2025", "2.2-1"]],
    "programmes:measure-list": [["almaty-2025"]],
    "programmes:funding-detail": [["almaty-2025"]],
    "programmes:rule-list": [["monotowns-2012-2020"]],
    "programmes:programme-on-day": [["almaty-2025", dt.date(2024, 3, 1)]],
    "programmes:monotown-town": [["temirtau"]],
    "programmes:city-strategy-checklist": [["semey-2050"]],
}
# Beyond their first state: what a reader asks for by a query.
ALSO = {
    "portal:comparison": ["?with=almaty&with=astana"],
    "portal:search": ["?q=almaty"],
    "programmes:kpi-detail": ["?as_of=2024-03-01"],
    "programmes:discrepancy-list": ["?q=nothing-is-called-so"],
}
INSIDE: dict[str, str] = {
    "papers:paper-order": "analyst",
    "programmes:inquiry-register": "coordinator",
    "accounts:audit-list": "coordinator",
    "accounts:key-list": "analyst",
    "portal:hook-list": "analyst",
    "indicators:upload-list": "analyst",
    "indicators:report-list": "almaty.analyst",
    "indicators:sheet": "almaty.analyst",
    "indicators:review-list": "approver",
    "indicators:calendar": "coordinator",
    "indicators:notice-list": "analyst",
    "indicators:notice-preferences": "analyst",
    "programmes:recomputation-list": "administrator",
    "portal:system-status": "administrator",
    "account_logout": "analyst",
    "account_change_password": "analyst",
    "account_reauthenticate": "analyst",
    "mfa_index": "analyst",
    "mfa_list_webauthn": "analyst",
    "usersessions_list": "analyst",
}
EXAMPLES["indicators:sheet"] = [["almaty-2025-annual", "2023"]]

NO_PAGES = {
    # files, feeds, and answers without a frame
    "papers:paper-file", "papers:paper-progress", "papers:paper-signature", "papers:reply-letter",
    "portal:changes-feed", "portal:kpi-feed", "portal:programme-feed", "portal:territory-feed",
    "programmes:kpi-chart-png",
    "accounts:audit-export", "programmes:kpi-chart", "indicators:upload-file", "indicators:upload-errors",
    "indicators:upload-progress", "indicators:upload-difference", "indicators:entry-evidence",
    "indicators:sheet-state", "indicators:sheet-template", "programmes:recomputation-progress",
    # within the frames of other sites
    "programmes:kpi-embed",
    # answers to forms
    "portal:publishing-pause", "portal:publishing-resume",
    "portal:hook-test", "portal:hook-enable", "portal:hook-remove", "portal:delivery-replay",
    "portal:subscription-end", "programmes:inquiry-decide",
    "accounts:key-revoke", "indicators:upload-confirm", "indicators:upload-read-again",
    "accounts:session-end",
    "indicators:upload-correct", "indicators:upload-explain", "indicators:upload-forget-name",
    "indicators:upload-forget-layout", "indicators:sheet-save", "indicators:sheet-evidence",
    "indicators:sheet-submit", "indicators:sheet-reopen", "indicators:sheet-fill",
    "indicators:review-approve", "indicators:calendar-nudge", "indicators:notice-detail",
    "indicators:notice-read", "programmes:quality-acknowledge", "programmes:recomputation-start",
    "programmes:recomputation-try-again", "programmes:recomputation-cancel", "programmes:programme-day",
    # turned off, or only on the way through a letter
    "account_signup", "account_set_password", "account_confirm_login_code", "account_confirm_email",
    "account_email_verification_sent", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    # after the password once more: tests/browser/test_second_step.py
    "account_email", "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
}  # fmt: skip
# Where somebody's work stands; tests/browser/test_on_the_way.py and test_main_job.py open them for axe.
ON_THE_WAY = {
    "papers:paper-detail",
    "papers:paper-sign",
    "portal:hook-detail",
    "portal:user-erase",
    "portal:subscription-detail",
    "programmes:inquiry-answer",
    "programmes:inquiry-assign",
    "programmes:inquiry-figures",
    "indicators:upload-detail",
    "indicators:upload-revert",
    "indicators:upload-revisions",
    "indicators:review-detail",
}


class PageAddress(NamedTuple):
    """A page: its URL name, the role that opens it ("" is anybody), its address without the language."""

    name: str
    role: str
    path: str


def page_names() -> set[str]:
    """The names of all addresses under a language, without those of Django's own administration."""
    [prefix] = [each for each in get_resolver().url_patterns if isinstance(each.pattern, LocalePrefixPattern)]
    return {name for name, _arguments in _named(prefix)}


def pages() -> list[PageAddress]:
    """Every page, with an example for each that takes something; in the order of names."""
    [prefix] = [each for each in get_resolver().url_patterns if isinstance(each.pattern, LocalePrefixPattern)]
    found = []
    for name, takes in sorted(_named(prefix)):
        if name in NO_PAGES | ON_THE_WAY:
            continue
        for arguments in EXAMPLES[name] if takes else [[]]:
            for query in ("", *ALSO.get(name, [])):
                found.append(PageAddress(name, INSIDE.get(name, ""), _path(name, arguments) + query))
    return found


def public_pages() -> list[PageAddress]:
    """Those that anybody opens."""
    return [page for page in pages() if not page.role]


def _path(name: str, arguments: list[object]) -> str:
    with override(settings.LANGUAGE_CODE):
        return reverse(name, args=arguments).removeprefix(f"/{settings.LANGUAGE_CODE}/")


def _named(resolver: Any, prefix: str = "", *, takes: bool = False) -> Iterator[tuple[str, bool]]:
    for pattern in resolver.url_patterns:
        inner = takes or bool(pattern.pattern.regex.groups)
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield prefix + pattern.name, inner
        elif pattern.namespace != "admin":
            yield from _named(
                pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""), takes=inner
            )
