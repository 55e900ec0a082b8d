"""The newest head of a log stream, among all that else is in it."""

import json

from mesh.audit_chain import Head
from tta_analytics.commands.audit import CHAIN, newest_head


def line(position: int, chain: str = CHAIN) -> str:
    head = Head(position, bytes(32), signature=bytes(32))
    return json.dumps({"event": "audit_head", "chain": chain, "position": position, "head": head.token()})


def test_the_highest_position_counts_wherever_it_stands() -> None:
    lines = [line(3), "not JSON", "[]", f"aggregation-1  | {line(12)}", line(40, "monitoring_audit"), line(7)]
    assert newest_head(lines) == Head(12, bytes(32), signature=bytes(32)).token()


def test_a_log_without_heads_has_none() -> None:
    older = json.dumps({"event": "audit_head", "chain": CHAIN, "position": 3, "signature": "00"})
    assert newest_head([older, ""]) == ""
