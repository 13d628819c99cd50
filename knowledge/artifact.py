"""The built knowledge base on disk: one SQLite file, one faiss index, one manifest. Read-only once written.

A folder is complete when its manifest is there: the manifest is written last.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlite_utils import Database
from sqlite_utils.db import Table

from knowledge import texts
from knowledge.calibration import Calibration
from knowledge.entries import Asker, Entry, Reference
from knowledge.errors import ArtifactMissing, StaleArtifact
from knowledge.evidence import Centres
from knowledge.passages import Passage, PassageKind
from knowledge.read_only import reading
from knowledge.regional import Overlay, RegionalRules, WhereToAsk
from knowledge.statutes import Article
from knowledge.subject import Subject, read_subject
from knowledge.versions import LawKind, LawVersion, PartRepeal

FORMAT: Final = 9
DATABASE: Final = "knowledge.sqlite3"
VECTORS: Final = "vectors.faiss"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """``counts``: laws, articles, entries, wordings, passages."""

    format: int
    encoder: str
    dimension: int
    digest: str
    counts: Mapping[str, int]
    calibration: Calibration

    def write(self, folder: Path) -> None:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {"counts": dict(self.counts), "calibration": self.calibration.as_json()}
        (folder / MANIFEST).write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises ArtifactMissing when the folder is not complete, StaleArtifact when another program wrote it."""
    missing = [name for name in (MANIFEST, DATABASE, VECTORS) if not (folder / name).is_file()]
    if missing:
        raise ArtifactMissing(texts.ARTIFACT_MISSING.format(missing=", ".join(missing)))
    values = json.loads((folder / MANIFEST).read_text("utf-8"))
    if values.get("format") != FORMAT:
        raise StaleArtifact(texts.ARTIFACT_OTHER_FORMAT)
    return Manifest(**(values | {"calibration": Calibration.from_json(values["calibration"])}))


def check_encoder(manifest: Manifest, *, name: str) -> None:
    """Vectors of two encoders cannot be compared. Raises StaleArtifact."""
    if manifest.encoder != name:
        raise StaleArtifact(texts.ARTIFACT_OTHER_ENCODER.format(built=manifest.encoder, wanted=name))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)


def write_contents(
    connection: sqlite3.Connection,
    *,
    versions: Sequence[LawVersion],
    articles: Iterable[Article],
    entries: Sequence[Entry],
    regional: RegionalRules,
    passages: Sequence[Passage],
    centres: Centres,
) -> None:
    """Everything but the keyword indexes, which ``knowledge.keywords`` writes."""
    database = Database(connection)
    Table(database, "versions").insert_all({"id": n, "value": _json(asdict(v))} for n, v in enumerate(versions))
    Table(database, "articles").insert_all(
        (_plain(asdict(article)) for article in articles), pk=("law", "article_no", "version_date")
    )
    Table(database, "entries").insert_all(
        ({"id": e.id, "topic": e.topic, "question": e.question, "value": _json(asdict(e))} for e in entries), pk="id"
    )
    Table(database, "citations").insert_all(
        {"entry": entry.id, "position": position, "law": reference.law, "article_no": reference.article_no}
        for entry in entries
        for position, reference in enumerate(entry.citations)
    )
    regions = Table(database, "regional").create({"kind": str, "value": str})
    regions.insert_all({"kind": "overlay", "value": _json(asdict(one))} for one in regional.overlays)
    regions.insert_all({"kind": "ask", "value": _json(asdict(one))} for one in regional.asks)
    Table(database, "passages").insert_all(
        ({"row": n, "kind": p.kind.value, "owner": p.owner, "text": p.text} for n, p in enumerate(passages)), pk="row"
    )
    means = {"questions": centres.questions, "passages": centres.passages}
    Table(database, "centres").insert_all({"kind": kind, "vector": mean.tobytes()} for kind, mean in means.items())


@dataclass(frozen=True)
class Contents:
    """What the SQLite file holds, but the keyword indexes."""

    versions: tuple[LawVersion, ...]
    articles: tuple[Article, ...]
    entries: tuple[Entry, ...]
    regional: RegionalRules
    passages: tuple[Passage, ...]
    centres: Centres
    subject: Subject


def read_contents(folder: Path) -> Contents:
    with reading(folder / DATABASE) as connection:
        database = Database(connection)
        means = {row["kind"]: np.frombuffer(row["vector"], dtype=np.float32) for row in database["centres"].rows}
        return Contents(
            versions=tuple(
                _version(json.loads(row["value"])) for row in database["versions"].rows_where(order_by="id")
            ),
            articles=tuple(_article(row) for row in database["articles"].rows_where(order_by="rowid")),
            entries=tuple(_entry(json.loads(row["value"])) for row in database["entries"].rows_where(order_by="rowid")),
            regional=_regional(database["regional"].rows_where(order_by="rowid")),
            passages=tuple(
                Passage(PassageKind(row["kind"]), row["owner"], row["text"])
                for row in database["passages"].rows_where(order_by="row")
            ),
            centres=Centres(means["questions"], means["passages"]),
            subject=read_subject(connection),
        )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _article(row: Mapping[str, Any]) -> Article:
    return Article(row["law"], date.fromisoformat(row["version_date"]), row["chapter"], row["article_no"], row["text"])


def _version(value: dict[str, Any]) -> LawVersion:
    days = {name: _day(value[name]) for name in value if name.endswith("_on") or name == "version_date"}
    sets = {name: None if value[name] is None else frozenset(value[name]) for name in ("hold", "search")}
    parts = tuple(PartRepeal(**(part | {"repealed_on": _day(part["repealed_on"])})) for part in value["part_repeals"])
    kind = LawKind(value["kind"])
    return LawVersion(**(value | days | sets | {"part_repeals": parts, "short": tuple(value["short"]), "kind": kind}))


def _regional(rows: Iterable[Mapping[str, Any]]) -> RegionalRules:
    values = [(row["kind"], json.loads(row["value"])) for row in rows]
    overlays = tuple(_overlay(value) for kind, value in values if kind == "overlay")
    asks = tuple(WhereToAsk(tuple(value["entries"]), value["text"]) for kind, value in values if kind == "ask")
    return RegionalRules(overlays, asks)


def _overlay(value: dict[str, Any]) -> Overlay:
    days = {name: _day(value[name]) for name in ("valid_from", "valid_until", "reviewed_on")}
    references = tuple(Reference(**reference) for reference in value["citations"])
    return Overlay(**(value | days | {"entries": tuple(value["entries"]), "citations": references}))


def _entry(value: dict[str, Any]) -> Entry:
    days = {name: _day(value[name]) for name in ("valid_from", "valid_until", "reviewed_on")}
    lists = {name: tuple(value[name]) for name in ("wordings", "related")}
    askers = tuple(Asker(asker) for asker in value["asked_by"])
    references = tuple(Reference(**reference) for reference in value["citations"])
    return Entry(**(value | days | lists | {"asked_by": askers, "citations": references}))
