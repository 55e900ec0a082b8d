"""The semantic layer as signals ask it."""

from collections.abc import Sequence

from monitoring_svc.adapters.crisis_worker import CrisisWorker, Outcome
from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.crisis_assessment import CrisisLayer

_LAYERS = {
    Outcome.DECIDED: CrisisLayer.DECIDED,
    Outcome.LATE: CrisisLayer.LATE,
    Outcome.MISSING: CrisisLayer.MISSING,
    Outcome.OVERLOADED: CrisisLayer.OVERLOADED,
    Outcome.CORRUPT: CrisisLayer.FAILED,
    Outcome.FAILED: CrisisLayer.FAILED,
    Outcome.DIED: CrisisLayer.FAILED,
}


class WorkerSemanticLayer:
    """Asks the worker; what it answers holds both layers' decision."""

    def __init__(self, worker: CrisisWorker) -> None:
        """Ask `worker`."""
        self._worker = worker

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        """Return within `deadline` seconds what became of the layer, and what it decided."""
        answer = await self._worker.ask(messages, deadline)
        return _LAYERS[answer.outcome], answer.decision
