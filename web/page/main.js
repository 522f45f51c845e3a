// Tabs; panels are made when they are first shown, and rest when they are not. SPDX-License-Identifier: Apache-2.0
import { DrawPanel } from "./draw.js";
import { ReadPanel } from "./read.js";
import { AnnealPanel } from "./anneal.js";
import { ChipPanel } from "./chip.js";
import { Machine } from "./machine.js";

const kinds = { draw: DrawPanel, read: ReadPanel, anneal: AnnealPanel, chip: ChipPanel };
const panels = {};
const tabs = [...document.querySelectorAll("[role=tab]")];

/** Clones the shared controls into the places for them. */
function furnish(section) {
  for (const name of ["controls", "proof"]) {
    const place = section.querySelector(`[data-${name}]`);
    if (place) place.append(document.getElementById(name).content.cloneNode(true));
  }
}

function show(name) {
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const section = document.getElementById(tab.getAttribute("aria-controls"));
    section.hidden = !chosen;
    if (!chosen) panels[tab.id.slice(4)]?.rest();
  }
  if (!panels[name]) {
    const section = document.getElementById(`view-${name}`);
    furnish(section);
    panels[name] = new kinds[name](section);
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, "", `#${name}`);
}

tabs.forEach((tab, k) => {
  const name = tab.id.slice(4);
  tab.onclick = () => show(name);
  tab.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: tabs.length - 1 }[event.key];
    if (!step) return;
    const next = tabs[(k + step) % tabs.length];
    next.focus();
    next.click();
  };
});

/** The space bar plays and pauses where it does nothing else. */
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target !== document.body) return;
  event.preventDefault();
  document.querySelector("[role=tabpanel]:not([hidden]) [data-do=play]").click();
});

window.addEventListener("hashchange", () => {
  const name = location.hash.slice(1);
  if (kinds[name]) show(name);
});

show(kinds[location.hash.slice(1)] ? location.hash.slice(1) : "draw");
Object.values(panels)[0].machine.ready.then(({ version }) => {
  document.querySelector("[data-version]").textContent = version;
});

// for the tests of the page
window.glauber = { panels, Machine };
