"""A text as the numbers of its pieces (unigram language model, Kudo 2018), by the library the model was made with."""

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as model

from knowledge.e5.model_file import Vocabulary


class Tokens:
    """Threads may share it."""

    def __init__(self, vocabulary: Vocabulary, *, most: int) -> None:
        """``most``: of one text, with the marks at its ends; what comes after them is not read."""
        self._characters = {0: " ", **vocabulary.characters}  # the model's own table knows no NUL
        self._begin, self._end, self._inside = vocabulary.begin, vocabulary.end, most - 2
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=_model(vocabulary))

    def of(self, text: str) -> list[int]:
        pieces = self._processor.encode(text.translate(self._characters))
        return [self._begin, *pieces[: self._inside], self._end]


def _model(vocabulary: Vocabulary) -> bytes:
    piece, made = model.ModelProto.SentencePiece, model.ModelProto()
    kinds = dict.fromkeys((vocabulary.begin, vocabulary.end, vocabulary.padding), piece.CONTROL)
    kinds[vocabulary.unknown] = piece.UNKNOWN
    for place, (text, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)):
        made.pieces.add(piece=text, score=score, type=kinds.get(place, piece.NORMAL))
    _name_the_marks(made.trainer_spec, vocabulary)
    # What characters are read as is looked up before: the table has another form than the library's own.
    made.normalizer_spec.MergeFrom(
        model.NormalizerSpec(name="identity", add_dummy_prefix=True, remove_extra_whitespaces=True)
    )
    return bytes(made.SerializeToString())


def _name_the_marks(trained: model.TrainerSpec, vocabulary: Vocabulary) -> None:
    trained.model_type = model.TrainerSpec.UNIGRAM
    marks = {"bos": vocabulary.begin, "eos": vocabulary.end, "pad": vocabulary.padding, "unk": vocabulary.unknown}
    for name, place in marks.items():
        setattr(trained, f"{name}_id", place)
        setattr(trained, f"{name}_piece", vocabulary.pieces[place])
