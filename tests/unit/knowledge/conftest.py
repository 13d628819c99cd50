"""A small set of sources, real in form, and the artifact built from it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.build import SOURCES, build
from knowledge.search import KnowledgeBase
from tests.unit.knowledge.hashing_encoder import HashingEncoder

LABOUR_CONTRACT_LAW = "中华人民共和国劳动合同法"


def entry(name: str, **changes: Any) -> dict[str, Any]:
    """A correct entry, as YAML gives it, with the changes asked for."""
    return {
        "id": name,
        "question": f"{name} 的工资拖欠怎么办？",
        "wordings": [f"{name} 第{n}种说法 老板欠钱{n}" for n in range(6)],
        "answer": "单位该付的要付，可以去劳动监察投诉。",
        "asked_by": ["worker"],
        "citations": [{"law": LABOUR_CONTRACT_LAW, "article_no": "第三十条"}],
        "region": None,
        "valid_from": date(2013, 7, 1),
        "valid_until": None,
        "reviewed_on": date(2026, 11, 21),
        "related": [],
        **changes,
    }


def write_topic(folder: Path, topic: str, entries: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{topic}.yml"
    path.write_text(yaml.safe_dump({"topic": topic, "entries": entries}, allow_unicode=True), "utf-8")
    return path


WAGES = [
    "老板拖欠工资怎么办",
    "工资两个月没发了",
    "干完活不给工钱",
    "老板一直拖着不发工资",
    "欠薪去哪里投诉",
    "讨薪找谁",
    "厂里压工资",
]
PROBATION = [
    "试用期最长多久",
    "试用期半年合法吗",
    "试用期能延长吗",
    "试用了三个月又三个月",
    "试用期几个月",
    "新人要试用多长时间",
    "转正拖了半年",
]
UNION = [
    "怎么加入工会",
    "入会要什么手续",
    "想入工会找谁",
    "没有工会怎么入会",
    "工会会员怎么申请",
    "我要入会",
    "临时工能入工会吗",
]


@pytest.fixture(scope="session")
def small_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    laws = yaml.safe_load((SOURCES / "versions.yml").read_text("utf-8"))["laws"]
    kept = {LABOUR_CONTRACT_LAW, "中华人民共和国工会法", "中华人民共和国医疗保障法", "保障农民工工资支付条例"}
    some = [law for law in laws if law["law"] in kept]
    (folder / "versions.yml").write_text(yaml.safe_dump({"laws": some}, allow_unicode=True), "utf-8")
    strangers = {"all": ["明天会下雨吗", "红烧肉怎么做", "哪只股票会涨", "讲个笑话", "孩子咳嗽吃什么药"]}
    (folder / "out_of_scope").mkdir()
    (folder / "out_of_scope" / "strangers.yml").write_text(yaml.safe_dump(strangers, allow_unicode=True), "utf-8")
    half_said = {"all": ["钱的事怎么说", "就这样让我走", "没人管我们了", "说好的都不算", "这活没法干了"]}
    (folder / "half_said").mkdir()
    (folder / "half_said" / "half_said.yml").write_text(yaml.safe_dump(half_said, allow_unicode=True), "utf-8")
    regulation = {"law": "保障农民工工资支付条例", "article_no": "第三条"}
    wages = entry("wages", question=WAGES[0], wordings=WAGES[1:], related=["probation"])
    wages["citations"].append(regulation)
    probation = entry("probation", question=PROBATION[0], wordings=PROBATION[1:])
    probation["citations"] = [{"law": LABOUR_CONTRACT_LAW, "article_no": "第十九条"}]
    union = entry("union", question=UNION[0], wordings=UNION[1:])
    union["citations"] = [{"law": "中华人民共和国工会法", "article_no": "第三条"}]
    write_topic(folder / "entries", "wages", [wages])
    write_topic(folder / "entries", "contract", [probation])
    write_topic(folder / "entries", "union", [union])
    return folder


@pytest.fixture(scope="session")
def small_artifact(small_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("artifact") / "built"
    build(target, HashingEncoder(), sources=small_sources)
    return target


@pytest.fixture(scope="session")
def small_base(small_artifact: Path) -> KnowledgeBase:
    return KnowledgeBase.open(small_artifact, HashingEncoder())
