"""Erasure over all services: recorded first, carried on until it is done, whatever is restarted in between."""

from collections.abc import Callable, Mapping, Sequence

from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.rights import HERE, Erasure, ErasurePart, Forgotten
from aggregation_svc.ports import Act, Actor, Canonical, Clock
from aggregation_svc.rights_ports import OtherService, Rights, RightsStore
from aggregation_svc.usecases.admitted import CanonicalIds, refuse
from mesh.refusal import NotFound, Refusal, Unavailable

PART = 20
"""Players of one transaction: facts that arrive wait for so many at most."""


class EraseSubject:
    """Forget a player here at once, and in the other services as soon as each can."""

    def __init__(
        self,
        store: RightsStore,
        others: Sequence[OtherService],
        canonical: Canonical,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        """Carry erasures out over this store and the `others`."""
        self._store, self._canonical, self._clock, self._new_id = store, canonical, clock, new_id
        self._others: Mapping[str, OtherService] = {other.name: other for other in others}

    async def __call__(self, actor: Actor, user_id: str) -> Erasure:
        """Begin an erasure, or return the one that stands; each service is asked once before this returns.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical, now = self._canonical(user_id), micros(self._clock())
        async with self._store.people() as rights:
            erasure_id, finished = await self._begun(rights, actor, canonical, now)
        if not finished:
            await self.carry_on(erasure_id)
        return await self.report(erasure_id)

    async def many(self, actor: Actor, user_ids: Sequence[str]) -> list[Erasure]:
        """Begin many erasures, in parts; writers of facts get their turn after each.

        The other services are asked by the work that carries erasures on.

        Raises:
            InvalidArgument: ids cannot be mapped; nobody is erased.
        """
        canonical = CanonicalIds(self._canonical, "user_ids", "")
        ids = [canonical.of(index, one) for index, one in enumerate(user_ids)]
        refuse(canonical.violations)
        begun: list[str] = []
        for first in range(0, len(ids), PART):
            now = micros(self._clock())
            async with self._store.people() as rights:
                begun += [(await self._begun(rights, actor, one, now))[0] for one in ids[first : first + PART]]
        return [await self.report(erasure_id) for erasure_id in begun]

    async def _begun(self, rights: Rights, actor: Actor, canonical: str, now: int) -> tuple[str, bool]:
        """Forget a player here, unless an erasure stands; return the erasure and whether it is finished."""
        if standing := await rights.standing_erasure(canonical):
            return standing.erasure_id, standing.finished_at is not None
        erasure_id = self._new_id()
        subject = (await rights.subjects([canonical])).get(canonical)
        holders = [name for name, other in self._others.items() if other.holds_facts()]
        await rights.begin_erasure(erasure_id, canonical, actor.name, [HERE, *holders], now)
        removed = await rights.forget(subject.subject_id) if subject else {}
        here = ErasurePart(HERE).after(Forgotten(done=True, removed=removed), now)
        await rights.keep_part(erasure_id, here, now)
        subject_id = subject.subject_id if subject else None
        await rights.record(Act(actor.name, "subject_erased", subject_id, {"erasure_id": erasure_id}))
        return erasure_id, not holders

    async def report(self, erasure_id: str) -> Erasure:
        """Return how far an erasure is.

        Raises:
            NotFound: there is no erasure of that id.
        """
        async with self._store.view() as rights:
            erasure = await rights.erasure(erasure_id)
        if erasure is None:
            raise NotFound("erasure_not_found", "There is no erasure of that id.")
        return erasure

    async def carry_on(self, erasure_id: str) -> None:
        """Ask every service that is not done."""
        async with self._store.view() as rights:
            erasure, canonical = await rights.erasure(erasure_id), await rights.erased_id(erasure_id)
        if erasure is None or canonical is None:
            return
        for part in erasure.parts:
            if not part.done:
                await self._ask(erasure_id, canonical, part)

    async def carry_on_all(self) -> int:
        """Ask on behalf of every erasure that is due; return how many were."""
        async with self._store.view() as rights:
            due = await rights.due_erasures(micros(self._clock()))
        for erasure_id in due:
            await self.carry_on(erasure_id)
        return len(due)

    async def _ask(self, erasure_id: str, canonical: str, part: ErasurePart) -> None:
        other = self._others.get(part.service)
        if other is None:
            # A service that is no longer configured stays open in the report until it is asked again.
            answer: Forgotten | None = None
        else:
            try:
                answer = await other.forget(canonical, erasure_id)
            except Refusal:
                answer = None
        now = micros(self._clock())
        after = part.failed(now) if answer is None else part.after(answer, now)
        async with self._store.records() as rights:
            await rights.keep_part(erasure_id, after, now)
            if after.done:
                finished = {"erasure_id": erasure_id, "service": part.service}
                await rights.record(Act("system", "subject_erased_in_service", None, finished))


class ForgetHere:
    """This service's own part, for whoever else orchestrates."""

    def __init__(self, store: RightsStore, canonical: Canonical, beside: OtherService) -> None:
        """Forget in `store`, and in what lies `beside` it."""
        self._store, self._canonical, self._beside = store, canonical, beside

    async def __call__(self, actor: Actor, user_id: str, erasure_id: str) -> Forgotten:
        """Forget a player here, without a tombstone.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical = self._canonical(user_id)
        removed: Mapping[str, int] = {}
        async with self._store.people() as rights:
            subject = (await rights.subjects([canonical])).get(canonical)
            if subject is not None:
                removed = await rights.forget(subject.subject_id)
                details = {"erasure_id": erasure_id, "service": HERE}
                await rights.record(Act(actor.name, "subject_erased_in_service", subject.subject_id, details))
        return Forgotten(done=await self._left(canonical, erasure_id), removed=removed)

    async def _left(self, canonical: str, erasure_id: str) -> bool:
        if not self._beside.holds_facts():
            return True
        try:
            return (await self._beside.forget(canonical, erasure_id)).done
        except Unavailable:
            return False
