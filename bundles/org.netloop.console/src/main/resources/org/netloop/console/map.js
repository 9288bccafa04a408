"use strict";

/** Places of blocks in the order in which a part of the map is filled, from below, and what they are called. */
const PLACES = { overlaid: "overlaid", memory: "in memory", cached: "cached on disk", fetching: "being fetched", remote: "on mirrors", hole: "holes", unknown: "not known yet" };
const FORESEEN = "foreseen";
const MAP_PAUSE = 2000;
const SIDE = 15;

/** What is shown: the answer of the deployment, the range that was asked for, and the part that is selected. */
const map = { answer: null, volume: "", range: null, selected: 0, asking: false, columns: 1, seen: true };

function percent(thousandths) {
  return thousandths === 0 ? "0 %" : thousandths < 10 ? (thousandths / 10).toFixed(1) + " %" : Math.round(thousandths / 10) + " %";
}

/** Share of a place in a part, in thousandths. */
function share(cell, place) { return cell[map.answer.shares.indexOf(place) + 1]; }

function cellEnd(index) {
  const cells = map.answer.cells;
  return index + 1 < cells.length ? cells[index + 1][0] : map.answer.offset + map.answer.length;
}

/** An offset, precise enough to be told from one that is a step away. */
function position(offset, step) {
  let unit = 0;
  while (step >= 1024 && unit < UNITS.length - 1) { step /= 1024; offset /= 1024; unit++; }
  return (Number.isInteger(offset) ? offset : offset.toFixed(1)) + " " + UNITS[unit];
}

/** The range from one part up to another. */
function range(first, last) {
  const step = cellEnd(first) - map.answer.cells[first][0];
  return `${position(map.answer.cells[first][0], step)} to ${position(cellEnd(last), step)}`;
}

function sentence(index) {
  const cell = map.answer.cells[index];
  const shares = Object.keys(PLACES).filter(place => share(cell, place) > 0).map(place => `${percent(share(cell, place))} ${PLACES[place]}`);
  if (share(cell, FORESEEN) > 0) { shares.push(`${percent(share(cell, FORESEEN))} in the profile`); }
  return `Part ${index + 1} of ${map.answer.cells.length}, ${range(index, index)}: ${shares.join(", ") || "not looked at"}`;
}

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name); }

function drawCell(pen, cell, x, y, colours) {
  let top = y + SIDE - 1;
  const scale = (SIDE - 2) / Math.max(1, Object.keys(PLACES).reduce((sum, place) => sum + share(cell, place), 0));
  for (const place of Object.keys(PLACES)) {
    const height = share(cell, place) * scale;
    pen.fillStyle = colours[place];
    pen.fillRect(x + 1, top - height, SIDE - 2, height);
    top -= height;
  }
  if (share(cell, FORESEEN) > 0) {
    pen.fillStyle = colours[FORESEEN];
    pen.fillRect(x + 1, y + SIDE - 3, (SIDE - 2) * Math.max(0.2, share(cell, FORESEEN) / 1000), 2);
  }
}

function drawMap() {
  const canvas = byId("map-canvas");
  const cells = map.answer === null ? [] : map.answer.cells;
  const width = Math.max(SIDE, canvas.clientWidth);
  map.columns = Math.max(1, Math.floor(width / SIDE));
  const height = Math.max(1, Math.ceil(cells.length / map.columns)) * SIDE;
  const scale = window.devicePixelRatio || 1;
  canvas.style.setProperty("height", height + "px");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const colours = Object.fromEntries([...Object.keys(PLACES), FORESEEN].map(name => [name, colour(name)]));
  cells.forEach((cell, i) => drawCell(pen, cell, i % map.columns * SIDE, Math.floor(i / map.columns) * SIDE, colours));
  if (cells.length > 0 && document.activeElement === canvas) {
    pen.strokeStyle = colour("ink");
    pen.lineWidth = 2;
    pen.strokeRect(map.selected % map.columns * SIDE + 1, Math.floor(map.selected / map.columns) * SIDE + 1, SIDE - 2, SIDE - 2);
  }
}

function swatch(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("width", "1");
  rect.setAttribute("height", "1");
  rect.setAttribute("fill", `var(--${name})`);
  svg.append(rect);
  return svg;
}

function legend() {
  const cells = map.answer.cells;
  const whole = place => cells.reduce((sum, cell) => sum + share(cell, place), 0) / Math.max(1, cells.length);
  byId("map-legend").replaceChildren(...Object.entries({ ...PLACES, [FORESEEN]: "in the profile" }).map(([place, name]) => {
    const item = element("li");
    item.append(swatch(place), `${name} ${percent(whole(place))}`);
    return item;
  }));
}

/** At most 32 lines, each of several parts. */
function mapTable() {
  if (!byId("map-details").open || map.answer === null) { return; }
  const cells = map.answer.cells;
  const step = Math.max(1, Math.ceil(cells.length / 32));
  const rows = [];
  for (let from = 0; from < cells.length; from += step) {
    const group = cells.slice(from, from + step);
    const mean = place => percent(group.reduce((sum, cell) => sum + share(cell, place), 0) / group.length);
    rows.push([range(from, from + group.length - 1), ...Object.keys(PLACES).map(mean), mean(FORESEEN)]);
  }
  fill("map-table", ["Part", ...Object.values(PLACES).map(name => "#" + name), "#in the profile"], rows);
}

function select(index) {
  map.selected = Math.max(0, Math.min(map.answer.cells.length - 1, index));
  byId("map-cell").textContent = sentence(map.selected);
  drawMap();
}

function took(answer) {
  const moved = map.answer === null || answer.offset !== map.answer.offset || answer.length !== map.answer.length || answer.volume !== map.answer.volume;
  map.answer = answer;
  map.selected = moved ? 0 : Math.min(map.selected, Math.max(0, answer.cells.length - 1));
  if (moved) { byId("map-cell").textContent = ""; }
  const part = map.range === null ? `All ${bytes(answer.size)}` : `${position(answer.offset, answer.length)} to ${position(answer.offset + answer.length, answer.length)} of ${bytes(answer.size)}`;
  byId("map-range").textContent = `${part} in ${answer.cells.length} parts` + (answer.sampled ? ", from a sample of the blocks" : "") + (answer.complete ? "" : "; not all of it was looked at in time");
  byId("map-out").disabled = map.range === null;
  drawMap();
  legend();
  mapTable();
}

/** Whether the volume and the range that were asked for are still to be shown. */
function isStill(asked) { return asked[0] === map.volume && asked[1] === map.range; }

async function askMap() {
  if (map.asking || document.hidden || !map.seen || map.volume === "") { return; }
  map.asking = true;
  const asked = [map.volume, map.range];
  try {
    const query = new URLSearchParams({ volume: map.volume, cells: String(byId("map-canvas").clientWidth < 700 ? 512 : 1024) });
    if (map.range !== null) {
      query.set("offset", String(map.range.offset));
      query.set("length", String(map.range.length));
    }
    const answer = await fetch("map?" + query);
    if (!answer.ok) { throw new Error(await answer.text()); }
    const members = await answer.json();
    if (isStill(asked)) { took(members); }
  } catch (failure) {
    byId("map-range").textContent = failure.message;
  } finally {
    map.asking = false;
    if (!isStill(asked)) { askMap(); }
  }
}

function zoom(range) {
  map.range = range;
  askMap();
}

function zoomIn() {
  if (map.answer === null || map.answer.cells.length < 2) { return; }
  const from = map.answer.cells[map.selected][0];
  const length = cellEnd(map.selected) - from;
  if (length > map.answer.block) { zoom({ offset: from, length }); }
}

function moved(key) {
  const last = map.answer.cells.length - 1;
  const to = { ArrowLeft: map.selected - 1, ArrowRight: map.selected + 1, ArrowUp: map.selected - map.columns, ArrowDown: map.selected + map.columns, Home: 0, End: last }[key];
  return to === undefined || to < 0 || to > last ? null : to;
}

function onMapKey(event) {
  if (map.answer === null || event.ctrlKey || event.altKey || event.metaKey) { return; }
  const to = moved(event.key);
  if (to !== null) { select(to); } else if (event.key === "Enter") { zoomIn(); } else if (event.key === "Escape") { zoom(null); } else if (!event.key.startsWith("Arrow")) { return; }
  event.preventDefault();
}

function onMapClick(event) {
  if (map.answer === null) { return; }
  const at = Math.floor(event.offsetY / SIDE) * map.columns + Math.floor(event.offsetX / SIDE);
  if (at < map.answer.cells.length) { select(at); }
}

/** Keeps a list of choices in line with what there is. */
function choices(id, names, texts = names) {
  const list = byId(id);
  const wanted = names.join("\n");
  if (list.dataset.names === wanted) { return; }
  const before = list.value;
  list.dataset.names = wanted;
  list.replaceChildren(...names.map((name, i) => { const option = element("option", texts[i]); option.value = name; return option; }));
  if (names.includes(before)) { list.value = before; }
}

function showMap(volumes) {
  choices("map-volume", volumes.map(v => v.name));
  if (map.volume !== byId("map-volume").value) { chooseMap(); }
}

function chooseMap() {
  map.volume = byId("map-volume").value;
  zoom(null);
}

byId("map-volume").addEventListener("change", chooseMap);
byId("map-in").addEventListener("click", zoomIn);
byId("map-out").addEventListener("click", () => zoom(null));
byId("map-canvas").addEventListener("keydown", onMapKey);
byId("map-canvas").addEventListener("click", onMapClick);
byId("map-canvas").addEventListener("dblclick", zoomIn);
byId("map-canvas").addEventListener("focus", () => { if (map.answer !== null && map.answer.cells.length > 0) { select(map.selected); } });
byId("map-canvas").addEventListener("blur", drawMap);
byId("map-details").addEventListener("toggle", mapTable);
window.addEventListener("resize", drawMap);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawMap);
new IntersectionObserver(found => { map.seen = found.some(f => f.isIntersecting); if (map.seen) { askMap(); } }).observe(byId("map"));
setInterval(askMap, MAP_PAUSE);
