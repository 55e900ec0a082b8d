"""The account of privacy loss: what was spent, what is left, and the cap."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.composition import tighter_epsilon
from aggregation_svc.domain.release_plan import ReleasePlan
from aggregation_svc.domain.releases import WINDOW, Account, Charge, Kind
from aggregation_svc.ports import Act, Actor, Question
from aggregation_svc.release_ports import ChargeFilter, Releases

DELTAS = (1e-6, 1e-5)
"""The chances at which the tighter bound is shown."""
MOST_CHARGES = 500
"""Charges of a window up to which it is computed."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A release that the plan foresees."""

    kind: Kind
    period: Period
    epsilon_micro: int
    fits: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """The account and what lies ahead of it."""

    account: Account
    planned: Sequence[Planned]
    tighter: Sequence[tuple[float, float]]
    """(delta, the epsilon that holds for the window at this delta), by privacy loss distributions."""


class GetBudget:
    """Read the account."""

    def __init__(self, releases: Releases, plan: ReleasePlan, months: int = 12) -> None:
        """Plan ahead monthly releases for so many months."""
        self._releases, self._plan, self._months = releases, plan, months

    async def __call__(self) -> Budget:
        """Return the account as it stands, with the monthly releases that the plan foresees."""
        account = await self._releases.account()
        # Convolutions over a busy window take tens of milliseconds.
        tighter = await asyncio.to_thread(_tighter, account)
        return Budget(account, tuple(planned(account, self._plan, self._months)), tighter)


def _tighter(account: Account) -> Sequence[tuple[float, float]]:
    charges = [charge.epsilon_micro for charge in account.window]
    spent = sum(charge.delta for charge in account.window)
    if not charges or len(charges) > MOST_CHARGES:
        return ()
    return tuple((delta, tighter_epsilon(charges, delta - spent)) for delta in DELTAS if spent < delta)


def planned(account: Account, plan: ReleasePlan, months: int) -> Sequence[Planned]:
    """Return the releases of the next months, each marked with whether it fits when all before it are made."""
    charges = [(charge.charged_at, charge.epsilon_micro) for charge in account.window]
    ahead: list[Planned] = []
    period = Period.containing(Grain.MONTH, account.now)
    for _ in range(months):
        for kind, micro in ((Kind.COHORTS, plan.cohorts_micro), (Kind.RETENTION, plan.retention_micro)):
            spent = sum(charged for at, charged in charges if at > period.end - WINDOW)
            fits = spent + micro <= account.cap_micro
            if micro:
                ahead.append(Planned(kind, period, micro, fits))
            if fits:
                charges.append((period.end, micro))
        period = period.next
    return ahead


class RaiseCap:
    """Raise the cap: an audited act of an administrator."""

    def __init__(self, releases: Releases, hashes: KeyedHash) -> None:
        """Take the store, and what requests are told apart by."""
        self._releases, self._hashes = releases, hashes

    async def __call__(self, actor: Actor, cap_micro: int, purpose: str, request_id: str = "") -> Account:
        """Raise the cap, once for a repeated request; raises InvalidArgument where it is not above the present one."""
        act = Act(actor.name, "budget_raised", None, {"cap_micros": cap_micro, "purpose": purpose})
        request = None
        if request_id:
            fingerprint = self._hashes.request(repr((cap_micro, purpose)))
            request = Question(actor.name, "RaiseBudget", request_id, fingerprint)
        return await self._releases.raise_cap(cap_micro, actor.name, purpose, act, request)


class ListCharges:
    """Read the ledger."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, which: ChargeFilter, limit: int) -> Sequence[Charge]:
        """Return at most `limit` charges, newest first."""
        return await self._releases.charges(which, limit)
