"""Addresses of the console. They hold numbers of talks, never a word or a name."""

from django.urls import path

from handoff.console import alarms, on_duty, queue, replies, sign_in, state, stream, talk

app_name = "console"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("list", queue.queue_list, name="queue_list"),
    path("alarms", alarms.alarms, name="alarms"),
    path("stream", stream.stream, name="stream"),
    path("duty", on_duty.switch_duty, name="duty"),
    path("state", state.state, name="state"),
    path("sign-in", sign_in.SignIn.as_view(), name="login"),
    path("sign-out", sign_in.SignOut.as_view(), name="logout"),
    path("password", sign_in.ChangePassword.as_view(), name="password"),
    path("talk/<int:pk>", talk.talk, name="talk"),
    path("talk/<int:pk>/news", talk.news, name="news"),
    path("talk/<int:pk>/earlier", talk.earlier, name="earlier"),
    path("talk/<int:pk>/acknowledge", alarms.acknowledge_alarm, name="acknowledge"),
    path("talk/<int:pk>/claim", talk.claim, name="claim"),
    path("talk/<int:pk>/reply", replies.send_reply, name="reply"),
    path("talk/<int:pk>/release", talk.give_back, name="release"),
]
