"""Addresses of the desk."""

from django.urls import include, path

from bot import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("console/", include("handoff.console.urls")),
    path("", include("bot.channels.webchat.urls")),
]
