"""What an alert says. It passes through other people's systems: a number, a colour and a link, nothing else."""

RED = "红"
ORANGE = "橙"
TRIAL = "试"
SUBJECT = "{colour} {number}"
BODY = "{colour} {number}\n{link}"
