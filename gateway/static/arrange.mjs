// Where panels lie on a grid of twelve columns. Pure: each function returns new panels, none of which overlap;
// panels fall up as far as those above them allow, so that a dashboard has no holes above its panels.

export const COLUMNS = 12;
export const LEAST_WIDTH = 2;
export const LEAST_HEIGHT = 2;
export const MOST_HEIGHT = 100;

const between = (least, value, most) => Math.min(Math.max(value, least), most);

/** In the order of reading: row by row, from left to right. */
export const reading = (panels) => [...panels].sort((one, other) => one.row - other.row || one.column - other.column);

const aside = (one, other) => one.column + one.width <= other.column || other.column + other.width <= one.column;

/** Lets each panel fall up in the order given: beneath the lowest of those before it that share a column. */
function settle(ordered) {
  const placed = [];
  for (const panel of ordered) {
    const above = placed.filter((other) => !aside(panel, other));
    placed.push({ ...panel, row: Math.max(0, ...above.map((other) => other.row + other.height)) });
  }
  return reading(placed);
}

const split = (panels, id) => [panels.find((panel) => panel.panel_id === id), panels.filter((panel) => panel.panel_id !== id)];

/** Puts a panel where a pointer holds it: it passes another when it covers more than half of it. */
export function put(panels, id, column, row) {
  const [panel, others] = split(panels, id);
  const at = { ...panel, column: between(0, column, COLUMNS - panel.width), row: Math.max(0, row) };
  const edge = row > panel.row ? at.row + at.height : at.row;
  const before = (other) => other.row + other.height / 2 <= edge;
  const ordered = reading(others);
  return settle([...ordered.filter(before), at, ...ordered.filter((other) => !before(other))]);
}

function swapAside(panels, panel, step) {
  const next = panels.find(
    (other) => other.row === panel.row && (step > 0 ? other.column === panel.column + panel.width : other.column + other.width === panel.column),
  );
  if (!next) return null;
  const [left, right] = step > 0 ? [next, panel] : [panel, next];
  const start = Math.min(panel.column, next.column);
  const moved = [
    { ...left, column: start },
    { ...right, column: start + left.width },
  ];
  return settle(reading([...panels.filter((other) => other !== panel && other !== next), ...moved]));
}

function pass(panels, panel, step) {
  const inWay = reading(panels).filter((other) => other !== panel && !aside(panel, other));
  const next = step > 0 ? inWay.find((other) => other.row > panel.row) : inWay.findLast((other) => other.row < panel.row);
  if (!next) return panels;
  const ordered = reading(panels.filter((other) => other !== panel));
  ordered.splice(ordered.indexOf(next) + (step > 0 ? 1 : 0), 0, panel);
  return settle(ordered);
}

/** Moves a panel one step: past a neighbour that it touches, else by one column. */
export function move(panels, id, across, down) {
  const [panel] = split(panels, id);
  if (down) return pass(panels, panel, down);
  const beside = swapAside(panels, panel, across);
  if (beside) return beside;
  return put(panels, id, panel.column + across, panel.row);
}

/** Makes a panel wider and taller by so many columns and rows; others make room. */
export function resize(panels, id, wider, taller) {
  const ordered = reading(panels).map((panel) =>
    panel.panel_id === id
      ? {
          ...panel,
          width: between(Math.min(LEAST_WIDTH, panel.width), panel.width + wider, COLUMNS - panel.column),
          height: between(Math.min(LEAST_HEIGHT, panel.height), panel.height + taller, MOST_HEIGHT),
        }
      : panel,
  );
  return settle(ordered);
}

/** Adds a panel where there is room soonest, at the left or beside what is there. */
export function add(panels, panel) {
  const foot = (column) =>
    Math.max(0, ...panels.filter((other) => !aside({ column, width: panel.width }, other)).map((other) => other.row + other.height));
  const spots = [0, COLUMNS - panel.width].map((column) => ({ column, row: foot(column) }));
  const { column, row } = spots[1].row < spots[0].row ? spots[1] : spots[0];
  return reading([...panels, { ...panel, column, row }]);
}

/** Takes a panel away; those beneath it fall up. */
export const remove = (panels, id) => settle(reading(split(panels, id)[1]));

/** Says where a panel lies. */
export const told = (panel) =>
  `column ${panel.column + 1}, row ${panel.row + 1}, ${panel.width} columns wide, ${panel.height} rows high`;
