"""WeChat's interface for official accounts: our own small async client over httpx.

tokens      the access token that all processes share
client      the calls, one method each
answers     what WeChat's answers mean
media       media down, from the platform's own hosts only
sync        the same for callers in threads
errors      what may go wrong, by what the caller should do
"""
