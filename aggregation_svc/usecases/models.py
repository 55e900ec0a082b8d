"""Models as their callers see them, and their numbers ready to answer."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Sequence

from aggregation_svc.domain.prediction.model import OutcomeModel, model_of
from aggregation_svc.domain.prediction.trainings import Model, ModelState
from aggregation_svc.prediction_ports import Models, Numerics
from mesh.refusal import NotFound

REMEMBERED = 4
"""Models kept in memory."""


class ListModels:
    """Read models."""

    def __init__(self, models: Models) -> None:
        """Take the store."""
        self._models = models

    async def __call__(
        self, model_name: str | None, state: ModelState | None, before: int | None, limit: int
    ) -> Sequence[Model]:
        """Return models below position `before`, newest first."""
        return await self._models.listed(model_name, state, before, limit)

    async def get(self, model_id: str) -> Model:
        """Return a model.

        Raises:
            NotFound: there is none of that id.
        """
        found = await self._models.get(model_id)
        if found is None:
            raise NotFound("model_not_found", "There is no model of that id. List them with ListModels.")
        return found


class ReadyModels:
    """Models' numbers, unpacked off the event loop and kept while they are asked."""

    def __init__(self, models: Models, numerics: Numerics) -> None:
        """Read from `models`."""
        self._models, self._numerics = models, numerics
        self._kept: OrderedDict[str, OutcomeModel] = OrderedDict()

    async def __call__(self, model: Model) -> OutcomeModel | None:
        """Return a model ready to answer; None where it was retired meanwhile."""
        if (kept := self._kept.get(model.model_id)) is not None:
            self._kept.move_to_end(model.model_id)
            return kept
        content = await self._models.content(model.model_id)
        if content is None:
            return None
        ready = await self._numerics.run(unpacked, content)
        self._kept[model.model_id] = ready
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return ready


def unpacked(content: bytes) -> OutcomeModel:
    """Return the model of its stored numbers: compressed JSON, which runs no code."""
    return model_of(json.loads(zlib.decompress(content)))
