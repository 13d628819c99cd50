"""The web chat page: no sign-in, one cookie, messages by POST, news by server-sent events."""
