"""What the reader was told, and how he wants to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import UserRequest
from accounts.models import User
from indicators.models import Notice
from indicators.notice_texts import in_words
from indicators.services.notifying import Wish, kinds_for, mark_read, prefer, wishes_of

NOTICES_A_PAGE = 50


@login_required
@require_safe
def notice_list(request: UserRequest) -> HttpResponse:
    """What the reader was told, the newest first; all of it or what is unread."""
    notices = Notice.objects.shown_to(request.user)
    only_unread = "unread" in request.GET
    chosen = notices.unread() if only_unread else notices
    page: Page[Notice] = Paginator(chosen, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": in_words(page.object_list),
        "unread": notices.unread().count(),
        "only_unread": only_unread,
        "newest": notices.values_list("pk", flat=True).first(),
    }
    return render(request, "indicators/notice_list.html", context)


@login_required
@require_safe
def notice_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Leads to what the notice is about; from then on it counts as read."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    if request.method == "GET":
        mark_read(Notice.objects.filter(pk=pk))
    return redirect(f"/{get_language()}{notice.path}")


@login_required
@require_POST
def notice_read(request: UserRequest) -> HttpResponse:
    """Marks everything as read that stood on the page or before; what came since stays unread."""
    newest = request.POST.get("newest", "")
    if newest.isdecimal():
        mark_read(Notice.objects.shown_to(request.user).filter(pk__lte=int(newest)))
    return redirect("indicators:notice-list")


class PreferencesForm(forms.Form):
    """For each kind that may concern the user, whether he hears of it in the portal and by e-mail; and the
    language of his letters."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language of letters"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_for(user)
        self.fields["language"].initial = user.language
        wishes = wishes_of(user)
        for kind in self.kinds:
            wish = wishes.get(kind, Wish(in_portal=True, by_letter=True))
            for way, initial in (("portal", wish.in_portal), ("letter", wish.by_letter)):
                self.fields[f"{kind}-{way}"] = forms.BooleanField(required=False, initial=initial)

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """The table: what it is, in the portal, by e-mail."""
        return [(str(kind.label), self[f"{kind}-portal"], self[f"{kind}-letter"]) for kind in self.kinds]

    @property
    def wishes(self) -> dict[Notice.Kind, Wish]:
        """What was chosen."""
        chosen = self.cleaned_data
        return {kind: Wish(chosen[f"{kind}-portal"], chosen[f"{kind}-letter"]) for kind in self.kinds}


@login_required
@require_http_methods(["GET", "POST"])
def notice_preferences(request: UserRequest) -> HttpResponse:
    """What the reader wants to hear of, and how."""
    form = PreferencesForm(request.user, request.POST or None)
    if form.is_valid():
        prefer(user=request.user, wishes=form.wishes, language=form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        return redirect("indicators:notice-preferences")
    return render(request, "indicators/notice_preferences.html", {"form": form})
