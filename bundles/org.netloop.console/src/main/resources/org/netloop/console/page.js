"use strict";

/** Seconds that charts show. */
const SHOWN = 120;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const SVG = "http://www.w3.org/2000/svg";

/** Per volume: what was counted last, and the rates since the page was opened. */
const histories = new Map();

function byId(id) { return document.getElementById(id); }

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) { made.textContent = text; }
  if (className) { made.className = className; }
  return made;
}

function bytes(value) {
  if (!Number.isFinite(value)) { return ""; }
  let at = 0;
  while (value >= 1024 && at < UNITS.length - 1) { value /= 1024; at++; }
  return (at === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)) + " " + UNITS[at];
}

function seconds(value) {
  if (!Number.isFinite(value)) { return ""; }
  return value < 1 ? (value * 1000).toFixed(value < 0.01 ? 2 : 0) + " ms" : value.toFixed(1) + " s";
}

function measure(part, name, labels = {}) {
  return part.measures.find(m => m.name === name && Object.entries(labels).every(([k, v]) => m.labels[k] === v));
}

function number(part, name, labels) {
  const found = measure(part, name, labels);
  return found === undefined ? NaN : Number(found.value);
}

function tone(word) {
  if (["GOOD", "OK"].includes(word)) { return "good"; }
  return ["WARN", "WAITING", "RESTING", "FAILING", "TEMPORARILY_UNAVAILABLE", "DISABLED"].includes(word) ? "warn" : "bad";
}

function shown(word) { return word.toLowerCase().replaceAll("_", " "); }

/** A cell is a text, or {text, className}. */
function fill(id, heads, rows) {
  const table = byId(id);
  const head = element("thead");
  const line = element("tr");
  for (const name of heads) {
    const cell = element("th", name.replace("#", ""), name.startsWith("#") ? "number" : "");
    cell.scope = "col";
    line.append(cell);
  }
  head.append(line);
  const body = element("tbody");
  for (const row of rows) {
    const tr = element("tr");
    row.forEach((cell, i) => {
      const given = typeof cell === "object" ? cell : { text: cell };
      tr.append(element("td", given.text, given.className || (heads[i].startsWith("#") ? "number" : "")));
    });
    body.append(tr);
  }
  if (rows.length === 0) {
    const tr = element("tr");
    const cell = element("td", "none");
    cell.colSpan = heads.length;
    tr.append(cell);
    body.append(tr);
  }
  table.replaceChildren(head, body);
}

function state(part) { return { text: shown(part.state), className: "word " + tone(part.state) }; }

function volumes(parts) {
  fill("volume-table", ["Volume", "State", "#Reads", "#Failed", "#Read", "#Fetched", "#Under way", "#Wait, 99 %"], parts.map(p => [
    p.name, state(p), String(number(p, "netloop_volume_reads") || 0), String(number(p, "netloop_volume_failed_reads") || 0),
    bytes(number(p, "netloop_volume_read_bytes")), bytes(number(p, "netloop_volume_fetched_bytes")),
    String(number(p, "netloop_volume_pending_blocks") || 0), seconds((measure(p, "netloop_volume_read_wait_seconds") || {}).p99)]));
}

function mirrors(parts) {
  const rows = [];
  for (const part of parts) {
    for (const found of part.measures.filter(m => m.name === "netloop_mirror_condition")) {
      const of = { mirror: found.labels.mirror };
      const failure = measure(part, "netloop_mirror_last_failure", of);
      rows.push([{ text: of.mirror, className: "wrap" }, part.name, { text: shown(found.value), className: "word " + tone(found.value) },
        seconds(number(part, "netloop_mirror_latency_seconds", of)), bytes(number(part, "netloop_mirror_throughput_bytes_per_second", of)) ,
        String(number(part, "netloop_mirror_fetches", of) || 0), String(number(part, "netloop_mirror_failures", of) || 0),
        { text: failure ? failure.value : "", className: "wrap" }]);
    }
  }
  fill("mirror-table", ["Mirror", "Volume", "Condition", "#Latency", "#Per second", "#Fetches", "#Failures", "Last failure"], rows);
}

function caches(parts) {
  fill("cache-table", ["Tier", "#Blocks", "#Used", "#Budget", "#Evictions"], parts.map(p => [p.name,
    String(number(p, "netloop_cache_blocks")), bytes(number(p, "netloop_cache_used_bytes")),
    bytes(number(p, "netloop_cache_budget_bytes")), String(number(p, "netloop_cache_evictions"))]));
}

function rate(history, now, part, name) {
  const value = number(part, name);
  const before = history.last[name];
  history.last[name] = { value, now };
  return before && value >= before.value && now > before.now ? (value - before.value) * 1000 / (now - before.now) : 0;
}

function note(part, now) {
  let history = histories.get(part.name);
  if (history === undefined) {
    history = { last: {}, points: [] };
    histories.set(part.name, history);
  }
  history.points.push({ now, read: rate(history, now, part, "netloop_volume_read_bytes"),
    fetched: rate(history, now, part, "netloop_volume_fetched_bytes"), ahead: rate(history, now, part, "netloop_volume_prefetched_bytes") });
  history.points = history.points.filter(p => now - p.now <= SHOWN * 1000);
}

function line(points, key, most, now) {
  const made = document.createElementNS(SVG, "polyline");
  made.setAttribute("class", key);
  made.setAttribute("points", points.map(p => (600 - (now - p.now) / (SHOWN * 1000) * 600).toFixed(1) + "," + (98 - p[key] / most * 94).toFixed(1)).join(" "));
  return made;
}

function chart(name, history, now) {
  const most = Math.max(1, ...history.points.flatMap(p => [p.read, p.fetched]));
  const latest = history.points.at(-1);
  const figure = element("figure");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 600 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Volume ${name}: ${bytes(latest.read)} a second read by clients, ${bytes(latest.fetched)} fetched; at most ${bytes(most)}`);
  ["fetched", "ahead", "read"].forEach(key => svg.append(line(history.points, key, most, now)));
  const caption = element("figcaption", `${name}: `);
  caption.append(element("span", `read ${bytes(latest.read)}/s`, "read"), ", ", element("span", `fetched ${bytes(latest.fetched)}/s (dashed)`, "fetched"), ", ",
    element("span", `of it ahead ${bytes(latest.ahead)}/s (dotted)`, "ahead"), `; highest ${bytes(most)}/s`);
  figure.append(svg, caption);
  return figure;
}

function show(model) {
  const now = Date.now();
  const of = kind => model.parts.filter(p => p.kind === kind);
  const health = byId("health");
  const word = shown(model.health.status);
  if (health.textContent !== word) { health.textContent = word; }
  health.className = "word " + tone(model.health.status);
  document.title = (model.health.status === "OK" ? "" : word + " – ") + "Netloop";
  byId("findings").replaceChildren(...(model.health.findings.length === 0 ? [element("li", "all is as configured")] : model.health.findings.map(f => {
    const item = element("li");
    item.append(element("span", shown(f.status), "word " + tone(f.status)), " ", f.sentence);
    return item;
  })));
  volumes(of("volume"));
  mirrors(of("volume"));
  caches(of("cache tier"));
  fill("attachment-table", ["Volume", "Frontend", "State", "Address"], of("attachment").map(p => {
    const attached = measure(p, "netloop_attachment_attached") || { labels: {} };
    const address = measure(p, "netloop_attachment_address");
    return [attached.labels.volume || p.name, attached.labels.frontend || "", state(p), { text: address ? address.value : p.message, className: "wrap" }];
  }));
  const others = model.parts.filter(p => !["volume", "attachment", "cache tier"].includes(p.kind));
  fill("backend-table", ["Kind", "Name", "State", "#Faults", "Why"], others.map(p => [p.kind, { text: p.name, className: "wrap" }, state(p),
    String(number(p, "netloop_backend_faults") || 0), { text: p.message, className: "wrap" }]));
  of("volume").forEach(p => note(p, now));
  byId("charts").replaceChildren(...of("volume").map(p => chart(p.name, histories.get(p.name), now)));
  showMap(of("volume"));
  showChanges(model.changes, of("volume"));
  byId("connection").textContent = "as of " + new Date(now).toLocaleTimeString();
}

function follow() {
  const events = new EventSource("events");
  events.onmessage = event => show(JSON.parse(event.data));
  events.onerror = () => { byId("connection").textContent = "no answer since " + new Date().toLocaleTimeString() + "; trying again"; };
}

// Once all scripts are there.
document.addEventListener("DOMContentLoaded", follow);
