"""The first part of the pipeline: plain text, cut into words."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.lexicon import Lexicon
from nlu.components.plain_text import plain


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class LabourTokenizer(Tokenizer):
    """Replaces the message's text by its plain spelling; what the person typed stays in the tracker."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._lexicon = Lexicon.read()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intents are names, never cut."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Words with their places in the plain text."""
        text: str = message.get(attribute)
        if attribute == TEXT:
            text = plain(text)
            message.set(TEXT, text, add_to_output=True)
        return [Token(word, place) for word, place in self._lexicon.cut(text)]
