"""What the servicer keeps of rendered answers."""

from typing import Any

import pytest
from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.servicers import aggregation
from aggregation_svc.servicers.aggregation import AggregationServicer


def test_whoever_asks_the_same_in_ever_other_words_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregation, "RENDERED_BYTES", 10_000)
    nobody: Any = None
    servicer = AggregationServicer(*[nobody] * 7, (nobody, nobody), nobody)
    for number in range(100):
        servicer._keep((str(number),), pb.ListPatternsResponse(next_page_token="x" * 1_000))
    kept = list(servicer._rendered.values())
    assert sum(message.ByteSize() for message in kept) <= 10_000
    assert servicer._rendered_bytes == sum(message.ByteSize() for message in kept)
    assert list(servicer._rendered)[-1] == ("99",)
