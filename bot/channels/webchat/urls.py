"""Addresses of the chat page."""

from django.urls import path

from bot.channels.webchat import files, leaving, pages, polling, posters, stream, views

app_name = "webchat"
urlpatterns = [
    path("", pages.chat, name="page"),
    path("privacy", pages.privacy, name="privacy"),
    path("calendar", leaving.calendar, name="leave"),
    path("j/<str:scene>", posters.poster, name="poster"),
    path("chat/begin", views.begin, name="begin"),
    path("chat/messages", views.messages, name="messages"),
    path(files.ADDRESS.lstrip("/"), files.files, name="files"),
    path("chat/stream", stream.stream, name="stream"),
    path("chat/news", polling.news, name="news"),
    path("chat/clear", views.clear, name="clear"),
    path("chat/article", views.article, name="article"),
]
