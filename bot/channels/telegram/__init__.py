"""Telegram: off unless the operator turns it on. python-telegram-bot is the transport; what came is stored first.

reading     updates as they come, by anybody who knows the secret
edge        POST /telegram
polling     the same without a public address
taking      what a stored update becomes
people      who is at the other end
connection  python-telegram-bot in a thread of its own
faults      what its errors mean for a message
sender      messages out
media       files down
channel     all of it for one process
"""
