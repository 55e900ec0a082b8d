"""Escalations go out a few at a time."""

from collections.abc import Sequence
from typing import Any

import pytest

from monitoring_svc.domain.commands import Escalate
from monitoring_svc.usecases import clockwork
from monitoring_svc.usecases.clockwork import MESSAGES_AT_ONCE, Clockwork


class Many:
    """Alerts that are due, and the log that escalates them."""

    def __init__(self, count: int) -> None:
        self.due = [str(number) for number in range(count)]
        self.groups: list[int] = []
        self.broken = ""

    async def escalations(self, most: int) -> Sequence[str]:
        self.groups.append(len(self.due[:most]))
        return self.due[:most]

    async def cleared(self) -> Sequence[str]:
        return ()

    async def submit(self, command: Any, request: Any = None) -> Any:
        assert isinstance(command, Escalate)
        if self.broken in command.ids:
            raise ValueError(self.broken)
        self.due = [one for one in self.due if one not in command.ids]
        return len(command.ids)


@pytest.mark.parametrize("subscribers", [0, 1, 100, 1000, 100_000])
async def test_hundreds_of_escalations_leave_room_for_new_alerts_between_them(
    subscribers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "BETWEEN_SECONDS", 0.0)
    many = Many(650)
    await Clockwork(many, many, many, lambda: subscribers).escalate()  # type: ignore[arg-type]
    assert not many.due
    assert sum(many.groups) == 650
    assert all(group <= 2 or group * subscribers <= MESSAGES_AT_ONCE for group in many.groups)


async def test_one_that_cannot_be_written_leaves_the_others_alone() -> None:
    many = Many(5)
    many.broken = "1"
    with pytest.raises(ValueError, match="1"):
        await Clockwork(many, many, many, lambda: 1).escalate()  # type: ignore[arg-type]
    assert many.due == ["1"]
