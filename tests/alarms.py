"""What tests of the alarm's chain share: roads that are set up, people with mail addresses, an end of the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from handoff.chain_ends import Partner, record_chain_end
from handoff.kinds import AlertRoad, AuditAction, CadreRole
from handoff.models import Alert, AuditRow, Cadre, Conversation
from tests.desk import TestDesk

CRISIS = "我不想活了，楼顶风很大"
PARTNER = Partner("青山市心理援助热线", "0531-12345678", "hotline@partner.test", date(2026, 11, 1))


def set_roads(settings: Any, *, mail: bool = True, wecom: bool = True, **more: Any) -> None:
    """The installation's settings for the roads."""
    values = {
        "smtp_host": "127.0.0.1" if mail else "",
        "mail_from": "desk@union.test" if mail else "",
        "smtp_security": "none",
        "wecom_robot_url": "https://robot.test/send" if wecom else "",
        "public_url": "https://desk.union.test",
    }
    settings.NIANGJIA = replace(settings.NIANGJIA, **values | more)


def reader(desk: TestDesk, name: str, *, on_duty: bool = False, role: CadreRole = CadreRole.CADRE) -> Cadre:
    """A named duty cadre with a mail address `<name>@union.test`."""
    cadre = desk.cadre(name, role=role, on_duty=on_duty)
    cadre.mail, cadre.reads_crisis = f"{name}@union.test", True
    cadre.save(update_fields=["mail", "reads_crisis"])
    return cadre


def supervisor(desk: TestDesk, name: str = "lead", *, on_duty: bool = False) -> Cadre:
    """A supervisor with a mail address."""
    return reader(desk, name, on_duty=on_duty, role=CadreRole.SUPERVISOR)


def stays(desk: TestDesk, *cadres: Cadre) -> None:
    """Their consoles are open at this moment."""
    Cadre.objects.filter(pk__in=[cadre.pk for cadre in cadres]).update(seen_at=desk.clock())


def name_the_end(desk: TestDesk) -> None:
    """The end of the chain is recorded."""
    record_chain_end(desk.union, PARTNER, cadre=None, now=desk.clock())


def in_crisis(desk: TestDesk) -> Conversation:
    """A talk whose alarm rings."""
    talk = desk.visitor()
    desk.writes(talk, CRISIS)
    talk.refresh_from_db()
    assert talk.alarm_rings
    return talk


def mailed(talk: Conversation, step: int) -> set[str]:
    """To whom the alerts by mail of one step are addressed."""
    return set(
        Alert.objects.filter(conversation=talk, step=step, road=AlertRoad.MAIL).values_list("address", flat=True)
    )


def steps_of(talk: Conversation) -> list[str]:
    """The steps in the audit rows, in order."""
    rows = AuditRow.objects.filter(action=AuditAction.ALARM_STEP, subject=f"conversation:{talk.pk}")
    return list(rows.order_by("pk").values_list("detail", flat=True))
