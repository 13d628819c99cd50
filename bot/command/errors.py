"""What goes wrong in a command, as one sentence for the person who called it."""


class CommandError(Exception):
    """The command cannot go on; the message is shown as it is."""

    def __init__(self, sentence: str, *, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
