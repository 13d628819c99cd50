import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from knowledge.artifact import MANIFEST, read_contents, read_manifest
from knowledge.build import build, digest, load_sources
from knowledge.errors import ArtifactMissing, SourceProblems, StaleArtifact
from knowledge.search import KnowledgeBase
from tests.unit.knowledge.conftest import entry, write_topic
from tests.unit.knowledge.hashing_encoder import HashingEncoder


def _bytes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_sources_give_the_same_bytes(small_sources: Path, small_artifact: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", HashingEncoder(), sources=small_sources)
    assert _bytes(tmp_path / "again") == _bytes(small_artifact)


def test_what_is_read_is_what_was_built(small_sources: Path, small_artifact: Path) -> None:
    sources, contents = load_sources(small_sources), read_contents(small_artifact)
    assert contents.versions == sources.versions
    assert contents.articles == sources.articles
    assert contents.entries == sources.entries


def test_the_digest_follows_sources_and_encoder(small_sources: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sources"
    shutil.copytree(small_sources, copy)
    before = digest("hashing", sources=copy)
    assert before == digest("hashing", sources=small_sources)
    assert before != digest("other", sources=copy)
    (copy / "entries" / "wages.yml").touch()
    assert before == digest("hashing", sources=copy)
    (copy / "entries" / "wages.yml").write_text("topic: wages\n", "utf-8")
    assert before != digest("hashing", sources=copy)


def test_a_cited_article_is_searched_even_when_nobody_chose_it(small_sources: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sources"
    shutil.copytree(small_sources, copy)
    versions = copy / "versions.yml"
    versions.write_text(versions.read_text("utf-8").replace("search: all", "search: none"), "utf-8")
    searched = load_sources(copy).searched()
    assert {key.split("|")[1] for key in searched} == {"第三十条", "第十九条", "第三条"}


def test_every_mistake_of_every_file_is_named_at_once(small_sources: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sources"
    shutil.copytree(small_sources, copy)
    write_topic(copy / "entries", "leave", [entry("a", answer="长" * 500)])
    versions = copy / "versions.yml"
    versions.write_text(versions.read_text("utf-8").replace("kind: regulation", "kind: poem"), "utf-8")
    with pytest.raises(SourceProblems) as caught:
        build(tmp_path / "built", HashingEncoder(), sources=copy)
    assert {problem.split(":")[0] for problem in caught.value.problems} == {"versions.yml", "leave.yml"}
    assert not (tmp_path / "built").exists()


def test_another_encoders_artifact_is_refused(small_artifact: Path) -> None:
    other = HashingEncoder()
    other.name = "other"
    with pytest.raises(StaleArtifact, match="niangjia build"):
        KnowledgeBase.open(small_artifact, other)


def test_a_folder_without_its_manifest_is_no_artifact(small_artifact: Path, tmp_path: Path) -> None:
    shutil.copytree(small_artifact, tmp_path / "part")
    (tmp_path / "part" / MANIFEST).unlink()
    with pytest.raises(ArtifactMissing, match="manifest"):
        KnowledgeBase.open(tmp_path / "part", HashingEncoder())


def test_an_artifact_of_another_format_is_refused(small_artifact: Path, tmp_path: Path) -> None:
    shutil.copytree(small_artifact, tmp_path / "old")
    manifest = json.loads((tmp_path / "old" / MANIFEST).read_text("utf-8"))
    (tmp_path / "old" / MANIFEST).write_text(json.dumps(manifest | {"format": 0}), "utf-8")
    with pytest.raises(StaleArtifact, match="niangjia build"):
        read_manifest(tmp_path / "old")
