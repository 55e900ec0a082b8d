"""PrivacyService, the account: what was spent, what is left, the cap, the ledger."""

from collections import Counter
from typing import Any

from tta.analytics.v1 import aggregation_pb2, privacy_pb2_grpc
from tta.analytics.v1 import privacy_pb2 as pb

from aggregation_svc.domain.releases import WINDOW, Account, Charge, Kind
from aggregation_svc.release_ports import ChargeFilter
from aggregation_svc.servicers import rendering
from aggregation_svc.servicers.aggregation import moment
from aggregation_svc.servicers.callers import actor
from aggregation_svc.usecases.get_budget import Budget, GetBudget, ListCharges, RaiseCap
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import enum_name, enum_value, timestamp


class BudgetServicer(privacy_pb2_grpc.PrivacyServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, get_budget: GetBudget, raise_cap: RaiseCap, charges: ListCharges) -> None:
        """Take the use cases."""
        self._get_budget, self._raise_cap, self._charges = get_budget, raise_cap, charges

    async def GetBudget(self, request: pb.GetBudgetRequest, context: Any) -> pb.Budget:  # noqa: N802, D102
        return budget(await self._get_budget())

    async def RaiseBudget(self, request: pb.RaiseBudgetRequest, context: Any) -> pb.Budget:  # noqa: N802, D102
        await self._raise_cap(actor(), request.cap_micros, request.purpose, request.request_id)
        return budget(await self._get_budget())

    async def ListLedgerEntries(  # noqa: N802, D102
        self, request: pb.ListLedgerEntriesRequest, context: Any
    ) -> pb.ListLedgerEntriesResponse:
        of_kind = Kind(enum_name(aggregation_pb2.ReleaseKind, request.kind)) if request.kind else None
        since, until = moment(request, "since"), moment(request, "until")
        question = filter_hash("ListLedgerEntries by entry", kind=of_kind, since=since, until=until)
        position, count = decode_token(request.page_token, question), page_size(request.page_size)
        before = int(position["before"]) if position else None
        found = await self._charges(ChargeFilter(of_kind, since, until, before), count + 1)
        more = len(found) > count
        return pb.ListLedgerEntriesResponse(
            entries=[entry(charge) for charge in found[:count]],
            next_page_token=encode_token({"before": found[count - 1].entry_id}, question) if more else "",
        )


def budget(value: Budget) -> pb.Budget:
    """Render the account."""
    account = value.account
    return pb.Budget(
        cap_micros=account.cap_micro,
        window_days=WINDOW.days,
        spent_micros=account.spent_micro,
        left_micros=account.left_micro,
        lifetime_spent_micros=account.lifetime_micro,
        spent_by_kind=_by_kind(account),
        planned=[
            pb.PlannedRelease(
                kind=kind(one.kind),
                period=rendering.period(one.period),
                epsilon_micros=one.epsilon_micro,
                fits=one.fits,
            )
            for one in value.planned
        ],
        tighter_bounds=[
            pb.TighterBound(delta=delta, epsilon=epsilon, method="privacy loss distribution of randomised response")
            for delta, epsilon in value.tighter
        ],
    )


def entry(charge: Charge) -> pb.LedgerEntry:
    """Render a charge."""
    return pb.LedgerEntry(
        ledger_entry_id=str(charge.entry_id),
        kind=kind(charge.question.kind),
        period=rendering.period(charge.question.period),
        revision=charge.question.revision,
        epsilon_micros=charge.epsilon_micro,
        delta=charge.delta,
        release_id=charge.release_id,
        actor=charge.actor,
        charged_at=timestamp(charge.charged_at),
    )


def kind(value: Kind) -> aggregation_pb2.ReleaseKind.ValueType:
    """Render a kind of release."""
    return aggregation_pb2.ReleaseKind.ValueType(enum_value(aggregation_pb2.ReleaseKind, value.value))


def _by_kind(account: Account) -> list[pb.SpentByKind]:
    micros: Counter[Kind] = Counter()
    number: Counter[Kind] = Counter()
    for charge in account.window:
        micros[charge.question.kind] += charge.epsilon_micro
        number[charge.question.kind] += 1
    return [pb.SpentByKind(kind=kind(one), epsilon_micros=micros[one], releases=number[one]) for one in number]
