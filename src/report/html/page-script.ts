/**
 * The script of report.html: filters, keyboard shortcuts and copy buttons. It only hides and shows existing elements, and writes no markup. It is
 * text because the page's policy contains its hash.
 */
export const PAGE_SCRIPT = `"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = one("#filters");
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  for (const pre of all(".command > pre")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    pre.after(button);
  }
  document.addEventListener("click", async (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const text = event.target.previousElementSibling?.textContent ?? "";
    const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    event.target.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    if (!isCopied) getSelection().selectAllChildren(event.target.previousElementSibling);
    setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
  });

  addEventListener("beforeprint", () => {
    for (const group of all("details.group")) if (group.id !== "known") group.open = true;
  });
  if (!form) return;
  form.hidden = false;
  const findings = all(".finding");
  const groups = all("details.group");
  const wasOpen = new Map(groups.map((group) => [group, group.open]));
  const texts = new Map();
  const textOf = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };
  const isShown = (finding, wanted, words) =>
    (wanted.s === "" || finding.dataset.s === wanted.s) &&
    (wanted.e === "" || finding.dataset.e === wanted.e) &&
    (wanted.k === "" || finding.dataset.k === wanted.k) &&
    (wanted.t === "" || finding.dataset.t.includes(" " + wanted.t + " ")) &&
    words.every((word) => textOf(finding).includes(word));
  const inWords = (number, of) => number.toLocaleString("en-US") + (number === of ? "" : " of " + of.toLocaleString("en-US"));
  const apply = () => {
    const wanted = Object.fromEntries(["q", "s", "k", "e", "t"].map((name) => [name, form.elements[name].value]));
    const words = wanted.q.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    const isFiltered = Object.values(wanted).some((value) => value !== "");
    let total = 0;
    for (const group of groups) {
      let shown = 0;
      for (const chunk of all(".chunk", group)) {
        let inChunk = 0;
        for (const finding of chunk.children) {
          const isIn = isShown(finding, wanted, words);
          if (finding.hidden === isIn) finding.hidden = !isIn;
          if (isIn) inChunk++;
        }
        chunk.hidden = inChunk === 0;
        shown += inChunk;
      }
      group.hidden = shown === 0;
      group.open = isFiltered ? shown > 0 : wasOpen.get(group);
      one(".count", group).textContent = inWords(shown, Number(group.dataset.count));
      total += shown;
    }
    one("#none").hidden = total > 0;
    one("output", form).textContent = inWords(total, findings.length) + (findings.length === 1 ? " finding" : " findings");
    form.dataset.applied = String(Number(form.dataset.applied ?? 0) + 1);
  };
  let timer;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
  form.addEventListener("submit", (event) => event.preventDefault());
  const move = (step) => {
    const shown = findings.filter((finding) => !finding.hidden && finding.parentElement.parentElement.open);
    const at = shown.findIndex((finding) => finding.contains(document.activeElement));
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step];
    if (next) one("summary", next).focus();
  };
  const isTyping = ({ target }) => target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event)) {
      form.reset();
      apply();
      event.target.blur();
    }
    if (isTyping(event)) return;
    if (event.key === "/") { event.preventDefault(); form.elements.q.focus(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });
})();
`;
