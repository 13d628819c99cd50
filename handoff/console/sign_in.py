"""Signing in and out, and changing one's password. Throttling is django-axes' (settings)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from handoff.audit import record
from handoff.console.access import cadre_of
from handoff.console.on_duty import come_off_duty
from handoff.console.texts import NOTICES, PASSWORD_PROBLEMS
from handoff.console.texts import SIGN_IN as TEXTS
from handoff.kinds import AuditAction


@receiver(user_logged_in, dispatch_uid="console_sign_in")
def note_sign_in(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    """One audit row for each sign-in."""
    record(AuditAction.SIGN_IN, f"user:{user.pk}", cadre=cadre_of(user), now=timezone.now())


class SignInForm(AuthenticationForm):
    """Django's, with words of ours; the same words whether the name or the password is wrong."""

    error_messages = {"invalid_login": TEXTS["wrong"], "inactive": TEXTS["inactive"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(autocomplete="username", autofocus=True)
        self.fields["password"].widget.attrs.update(autocomplete="current-password")


class NewPasswordForm(PasswordChangeForm):
    """Django's, with its reasons in words of ours (not all of Django's have been translated)."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Each reason by its code."""
        errors = error.error_list if isinstance(error, ValidationError) and not hasattr(error, "error_dict") else None
        if errors is not None:
            known = [ValidationError(PASSWORD_PROBLEMS.get(one.code or "", one), code=one.code) for one in errors]
            error = ValidationError(known)
        super().add_error(field, error)


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "console/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Signing out also goes off duty: from then on workers are not told that somebody is there."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Off duty, then out."""
        if request.user.is_authenticated:
            cadre = cadre_of(request.user)
            if cadre is not None and cadre.on_duty:
                come_off_duty(request, cadre, now=timezone.now())
        return super().post(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class ChangePassword(PasswordChangeView):
    """One's own password."""

    template_name = "console/change_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("console:queue")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Changed, and said so."""
        messages.success(self.request, NOTICES["password_changed"])
        return super().form_valid(form)
