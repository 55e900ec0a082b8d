"""Erasure over all services: recorded first, carried on until it is done, whatever is restarted in between."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.rights import HERE, Erasure, ErasurePart, Forgotten
from aggregation_svc.ports import Act, Actor, Canonical, Clock
from aggregation_svc.rights_ports import OtherService, Rights, RightsStore
from aggregation_svc.usecases.admitted import CanonicalIds, refuse
from mesh.refusal import FailedPrecondition, NotFound, Refusal

_LOG = logging.getLogger(__name__)

PART = 20
"""Players of one transaction: facts that arrive wait for so many at most."""
Notify = Callable[[str, int], None]
"""Tells outside the database that an erasure (its id) takes a subject (its number) away.

It is told before the transaction ends: one that is told and then fails is asked for again, one that is
done and not told would be lost with the store.
"""


class EraseSubject:
    """Forget a player here at once, and in the other services as soon as each can."""

    def __init__(
        self,
        store: RightsStore,
        others: Sequence[OtherService],
        canonical: Canonical,
        clock: Clock,
        new_id: Callable[[], str],
        notify: Notify,
    ) -> None:
        """Carry erasures out over this store and the `others`."""
        self._store, self._canonical, self._clock, self._new_id = store, canonical, clock, new_id
        self._notify = notify
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
        subjects = await rights.every_subject(canonical)
        await rights.begin_erasure(erasure_id, canonical, actor.name, [HERE, *self._others], now)
        here = ErasurePart(HERE)
        for subject_id in subjects:
            here = here.after(Forgotten(done=True, removed=await rights.forget(subject_id)), now)
        await rights.keep_part(erasure_id, here.after(Forgotten(done=True, removed={}), now), now)
        for one in subjects or (None,):
            await rights.record(Act(actor.name, "subject_erased", one, {"erasure_id": erasure_id}))
        for subject_id in subjects:
            self._notify(erasure_id, subject_id)
        return erasure_id, not self._others

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
        """Ask every service that is not done; one that fails is asked again later, and the next one now."""
        async with self._store.view() as rights:
            erasure = await rights.erasure(erasure_id)
        if erasure is None or erasure.finished_at is not None:
            return
        try:
            async with self._store.view() as rights:
                canonical = await rights.erased_id(erasure_id)
        except FailedPrecondition as error:
            # Its seal does not open: nobody can be asked before it does.
            _LOG.error("erasure_failed", exc_info=error, extra={"erasure_id": erasure_id})
            for part in erasure.parts:
                if not part.done:
                    await self._keep(erasure_id, part.service, None)
            return
        if canonical is None:
            return
        for part in erasure.parts:
            if not part.done:
                # A service that is no longer configured stays open in the report until it is asked again.
                other = self._others.get(part.service)
                answer = None if other is None else await _answer(other, canonical, erasure_id)
                await self._keep(erasure_id, part.service, answer)

    async def carry_on_all(self) -> int:
        """Ask on behalf of every erasure that is due; return how many were.

        What fails of one is raised after all others had their turn.
        """
        async with self._store.view() as rights:
            due = await rights.due_erasures(micros(self._clock()))
        failures: list[Exception] = []
        for erasure_id in due:
            try:
                await self.carry_on(erasure_id)
            except Exception as error:  # noqa: BLE001 raised below
                failures.append(error)
        if failures:
            raise failures[0]
        return len(due)

    async def _keep(self, erasure_id: str, service: str, answer: Forgotten | None) -> None:
        """Keep what a service answered; another may have asked it at the same time, and have kept its answer."""
        now = micros(self._clock())
        async with self._store.records() as rights:
            standing = await rights.part(erasure_id, service)
            part = standing.failed(now) if answer is None else standing.after(answer, now)
            await rights.keep_part(erasure_id, part, now)
            if part.done and not standing.done:
                finished = {"erasure_id": erasure_id, "service": service}
                await rights.record(Act("system", "subject_erased_in_service", None, finished))


async def _answer(other: OtherService, canonical: str, erasure_id: str) -> Forgotten | None:
    """Return what a service did; None where it cannot be asked now, or fails in whatever way."""
    try:
        return await other.forget(canonical, erasure_id)
    except Refusal:
        return None
    except Exception as error:  # noqa: BLE001 it may be another's folder or network; the others are to be asked
        _LOG.error("erasure_part_failed", exc_info=error, extra={"erasure_id": erasure_id, "service": other.name})
        return None


class ForgetHere:
    """This service's own part, for whoever else orchestrates."""

    def __init__(
        self, store: RightsStore, canonical: Canonical, beside: Sequence[OtherService], notify: Notify
    ) -> None:
        """Forget in `store`, and in what lies `beside` it."""
        self._store, self._canonical, self._beside, self._notify = store, canonical, beside, notify

    async def __call__(self, actor: Actor, user_id: str, erasure_id: str) -> Forgotten:
        """Forget a player here, without a tombstone.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical = self._canonical(user_id)
        removed = Counter[str]()
        async with self._store.people() as rights:
            for subject_id in await rights.every_subject(canonical):
                removed.update(await rights.forget(subject_id))
                details = {"erasure_id": erasure_id, "service": HERE}
                await rights.record(Act(actor.name, "subject_erased_in_service", subject_id, details))
                self._notify(erasure_id, subject_id)
        return Forgotten(done=await self._left(canonical, erasure_id), removed=removed)

    async def _left(self, canonical: str, erasure_id: str) -> bool:
        """Return whether nothing is left beside the store either."""
        answers = [await _answer(other, canonical, erasure_id) for other in self._beside]
        return all(answer is not None and answer.done for answer in answers)
