"use strict";

/** The token, as long as this page is open: nothing keeps it. */
let token = "";

/** Questions before what interrupts somebody or is not undone by one click. */
const QUESTIONS = {
  switch: "All attachments of this volume get its newest image. Their clients have to reconnect.",
  rollback: "All attachments of this volume return to the image before. Their clients have to reconnect.",
  "mirror.disable": "Nothing is fetched from this mirror any more.",
  "mirror.remove": "This mirror is taken out of the configuration.",
  "bundle.stop": "What this bundle provides is missing until it is started again.",
  "bundle.rollback": "This bundle returns to its version before.",
  "bundle.uninstall": "This bundle is removed.",
  "bundle.update": "The code of this file replaces the bundle of its name.",
  "feature.remove": "The bundles and the configuration of this feature are removed."
};

function confirmed(question, what) {
  const dialog = byId("confirm");
  byId("confirm-text").textContent = `${what}? ${question}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

function result(text, className) {
  byId("change-result").textContent = text;
  byId("change-result").className = className;
}

function forgetToken() {
  token = "";
  byId("change-forms").hidden = true;
  byId("token-form").hidden = false;
}

async function send(verb, members) {
  const answer = await fetch("control", { method: "POST", headers: { "Content-Type": "application/json", "Netloop-Token": token }, body: JSON.stringify({ do: verb, ...members }) });
  if (answer.ok) { return answer.json(); }
  const why = (await answer.text()).trim();
  if (answer.status === 403 || answer.status === 429) { forgetToken(); }
  return { ok: false, error: why };
}

/** Asks first where that is due, sends a change, and says what came of it. */
async function change(verb, members, what, kind = verb) {
  if (QUESTIONS[kind] && !await confirmed(QUESTIONS[kind], what)) { return; }
  result(what + " …", "");
  try {
    const answer = await send(verb, members);
    result(answer.ok ? answer.message || what + ": done" : answer.error, answer.ok ? "good" : "bad");
  } catch (failure) {
    result(`${what}: ${failure.message}`, "bad");
  }
  readBundles();
}

function chosen(id) { return byId(id).value; }

function label(button) { return button.textContent; }

function wire(kind, act) {
  document.querySelectorAll(`[data-${kind}]`).forEach(button => button.addEventListener("click", () => act(button.dataset[kind], label(button))));
}

wire("follow", (what, text) => change("volume.follow." + chosen("change-volume"), { what }, `${text}: ${chosen("change-volume")}`, what));
wire("mirror", (verb, text) => change(verb, { volume: chosen("change-volume"), uri: chosen("change-mirror") }, `${text} ${chosen("change-mirror")}`));
wire("bundle", (verb, text) => change(verb, { bundle: chosen("change-bundle") }, `${text} ${chosen("change-bundle")}`));
wire("feature", (verb, text) => change(verb, { feature: chosen("change-feature") }, `${text} ${chosen("change-feature")}`));
byId("change-set").addEventListener("click", () => change("volume.set", { volume: chosen("change-volume"), set: { [chosen("change-key")]: chosen("change-value") } }, `Set ${chosen("change-key")} of ${chosen("change-volume")}`));
byId("change-add").addEventListener("click", () => change("mirror.add", { volume: chosen("change-volume"), uri: chosen("change-uri") }, `Add ${chosen("change-uri")}`));
byId("change-update").addEventListener("click", () => change("bundle.update", { file: chosen("change-file") }, `Update by ${chosen("change-file")}`));

byId("token-form").addEventListener("submit", event => {
  event.preventDefault();
  token = chosen("token");
  byId("token").value = "";
  byId("token-form").hidden = true;
  byId("change-forms").hidden = false;
  byId("change-volume").focus();
  result("", "");
});

async function read(path) {
  const answer = await fetch(path);
  return answer.ok ? answer.json() : {};
}

/** Does something if the page is seen, and says if it fails. */
async function ifSeen(work) {
  if (document.hidden) { return; }
  try {
    await work();
  } catch (failure) {
    result(failure.message, "bad");
  }
}

function readBundles() {
  return ifSeen(async () => {
    const bundles = (await read("bundles")).bundles || [];
    fill("bundle-table", ["Bundle", "Version", "Since", "State", "#Services", "Troubles"], bundles.map(b => [{ text: b.name, className: "wrap" }, b.version, time(b.since),
      { text: b.state, className: "word " + (["active", "fragment"].includes(String(b.state).toLowerCase()) ? "good" : "warn") }, String(Object.values(b.services).reduce((sum, count) => sum + count, 0)), { text: (b.troubles || []).join("; "), className: "wrap" }]));
    choices("change-bundle", bundles.map(b => b.name));
    const features = (await read("features")).features || [];
    choices("change-feature", features.map(f => f.name));
  });
}

/** Date and time of this browser, to the second. */
function time(text) { return new Date(text).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" }); }

function readLog() {
  return ifSeen(async () => {
    const lines = (await read("log")).lines || [];
    fill("log-table", ["Time", "Level", "From", "Message"], lines.map(l => [time(l.time),
      { text: shown(l.level), className: "word " + (l.level === "ERROR" ? "bad" : "warn") }, l.logger, { text: l.message, className: "wrap" }]));
  });
}

let wasOpen = null;

function showChanges(isOpen, volumes) {
  choices("change-volume", volumes.map(v => v.name));
  const volume = volumes.find(v => v.name === chosen("change-volume"));
  choices("change-mirror", volume === undefined ? [] : volume.measures.filter(m => m.name === "netloop_mirror_condition").map(m => m.labels.mirror));
  if (wasOpen === isOpen) { return; }
  wasOpen = isOpen;
  byId("changes-closed").hidden = isOpen;
  byId("token-form").hidden = !isOpen || token !== "";
  byId("change-forms").hidden = !isOpen || token === "";
}

readBundles();
readLog();
setInterval(readBundles, 30000);
setInterval(readLog, 5000);
