"""The messages of a stream as JSON, rendered once however many read them."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from gateway.transcoding.bindings import Binding
from gateway.transcoding.rendering import dumps

_KEPT = 256  # frames remembered: an alert goes to every reader within moments


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a stream."""

    cursor: str
    """Where to resume after it; empty where the stream has no cursors."""
    heartbeat: bool
    """True where it carries nothing but the cursor."""
    json: bytes


class Frames:
    """Renders the messages of one binding."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        response = binding.call.response
        self._class = binding.call.response_class
        self._cursors = "cursor" in response.fields_by_name
        self._payloads = [field.name for field in response.fields if field.message_type and not field.is_repeated]
        self._ends = "ending" in response.fields_by_name
        self._frames: OrderedDict[bytes, Frame] = OrderedDict()

    def read(self, message: bytes) -> Frame:
        """Return the frame of a serialised message."""
        if (found := self._frames.get(message)) is not None:
            return found
        frame = self._render(self._class.FromString(message))
        self._frames[message] = frame
        if len(self._frames) > _KEPT:
            self._frames.popitem(last=False)
        return frame

    def _render(self, message: Any) -> Frame:
        empty = self._cursors and bool(self._payloads) and not any(map(message.HasField, self._payloads))
        return Frame(
            cursor=message.cursor if self._cursors else "",
            heartbeat=empty and not (self._ends and message.ending),
            json=dumps(self._binding.render(message)),
        )
