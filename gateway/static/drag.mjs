// Moves and resizes panels by mouse, pen or finger.
import { put, resize } from "./arrange.mjs";

function cell(board) {
  const style = getComputedStyle(board);
  const gap = parseFloat(style.columnGap) || 0;
  return { wide: (board.clientWidth + gap) / 12, high: parseFloat(style.getPropertyValue("--step")) || 96 };
}

/** Follows a pointer from a handle or corner on; `show` is called with the panels as they would lie, `done` at the end. */
export function drag(event, board, panels, id, { show, done }) {
  const resizing = event.target.closest(".corner") !== null;
  const panel = panels.find((each) => each.panel_id === id);
  const { wide, high } = cell(board);
  const from = { x: event.clientX, y: event.clientY };
  let now = panels;
  const place = document.getElementById(id);
  place.classList.add("held");
  event.target.setPointerCapture(event.pointerId);

  const follow = (moved) => {
    const across = Math.round((moved.clientX - from.x) / wide);
    const down = Math.round((moved.clientY - from.y) / high);
    now = resizing ? resize(panels, id, across, down) : put(panels, id, panel.column + across, panel.row + down);
    show(now);
  };
  const end = (kept) => {
    place.classList.remove("held");
    event.target.removeEventListener("pointermove", follow);
    event.target.removeEventListener("pointerup", up);
    event.target.removeEventListener("pointercancel", cancel);
    done(kept ? now : panels);
  };
  const up = () => end(true);
  const cancel = () => end(false);
  event.target.addEventListener("pointermove", follow);
  event.target.addEventListener("pointerup", up);
  event.target.addEventListener("pointercancel", cancel);
}
