"use strict";
// What a page must not have, for the program beside this file.

/** Each visible text whose contrast with what lies behind it is below 4.5 (WCAG 2.2, 1.4.3), as "text: ratio". */
function lowContrast() {
  const light = colour => {
    const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = text => text.match(/[0-9.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) { return colour; }
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !node.checkVisibility() || node.disabled || node.closest("option, select, script, noscript")) { continue; }
    const [more, less] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (more + 0.05) / (less + 0.05);
    if (ratio < 4.5) { found.add(text.slice(0, 40) + ": " + ratio.toFixed(2)); }
  }
  return [...found];
}

/** Each control, picture and table that has no name a screen reader could say; a table may have its region's. */
function nameless() {
  const texts = nodes => [...nodes].filter(Boolean).map(node => node.textContent).join(" ");
  const name = node => node.getAttribute("aria-label")
    || texts((node.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id)))
    || texts(node.labels || [])
    || (node.tagName === "BUTTON" ? node.textContent : "")
    || (node.tagName === "TABLE" && node.closest("[role=region]") ? name(node.closest("[role=region]")) : "");
  return [...document.querySelectorAll("button, input, select, canvas, svg[role], table, [role=region]")]
    .filter(node => !name(node).trim()).map(node => node.outerHTML.slice(0, 80));
}
