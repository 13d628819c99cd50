"""Chat platforms on this machine, for rehearsal and for tests: WeChat's official accounts and Telegram's Bot API.

They follow the platforms' rules (signatures, re-sends, quotas, tokens), and can be told to fail as platforms fail.
"""
