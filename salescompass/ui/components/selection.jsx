// What is selected in a list: ticks of rows, a range with Shift, the page by its heading, or all that match; and the
// bar that acts on it. The ticks live in the browser; the forms of the bar send them along.
import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { defaultKeybindingsHandlerIgnore, tinykeys } from "tinykeys";

const MOST = 1300; // one by one; what is sent of more would be refused as too long
const NONE = { ids: new Set(), everything: false };
const boxes = () => [...document.querySelectorAll("input[data-pick]")];
const busy = (event) => defaultKeybindingsHandlerIgnore(event) || !!document.querySelector("dialog[open], [popover]:popover-open");
// Panels and the progress of a job narrow nothing.
const narrowing = (search) => {
  const query = new URLSearchParams(search);
  for (const name of ["panel", "bulk", "cols", "sort"]) query.delete(name);
  return query.toString();
};

export function Selection({ matching = 0, matchingWords = "", rows = 0, on = true, children }) {
  const query = narrowing(useLocation().search);
  const [{ ids, everything }, setPicked] = useState(NONE);
  const last = useRef("");

  useEffect(() => setPicked(NONE), [query]);

  useEffect(() => {
    const tick = (box, range) => setPicked((old) => {
      const all = boxes();
      const fresh = new Set(old.everything ? all.map((one) => one.value) : old.ids);
      const from = range ? all.findIndex((one) => one.value === last.current) : -1;
      const here = all.indexOf(box);
      const touched = from < 0 ? [box] : all.slice(Math.min(from, here), Math.max(from, here) + 1);
      for (const one of touched) box.checked ? fresh.add(one.value) : fresh.delete(one.value);
      last.current = box.value;
      return { ids: fresh, everything: false };
    });
    const click = (event) => {
      const box = event.target;
      if (box.matches?.("input[data-pick]")) tick(box, event.shiftKey);
      else if (box.matches?.("input[data-pick-page]")) setPicked(box.checked ? { ids: new Set(boxes().map((one) => one.value)), everything: false } : NONE);
    };
    // A bulk edit that was accepted has taken the selection with it.
    const answered = (event) => event.detail.ok && event.detail.form.startsWith("bulk-") && setPicked(NONE);
    const flip = (event) => {
      const box = document.activeElement?.closest("tr")?.querySelector("input[data-pick]");
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      tick(box, false);
    };
    document.addEventListener("click", click);
    window.addEventListener("sc:answer", answered);
    const offKeys = on ? tinykeys(window, { x: flip }, { ignore: busy }) : () => {};
    return () => { document.removeEventListener("click", click); window.removeEventListener("sc:answer", answered); offKeys(); };
  }, [on]);

  const page = boxes();
  const whole = page.length > 0 && page.every((one) => ids.has(one.value));
  useEffect(() => {
    const now = boxes();
    for (const box of now) {
      box.checked = everything || ids.has(box.value);
      box.closest("tr")?.toggleAttribute("data-picked", box.checked);
    }
    const head = document.querySelector("input[data-pick-page]");
    if (head) {
      head.checked = everything || (now.length > 0 && now.every((one) => ids.has(one.value)));
      head.indeterminate = !head.checked && ids.size > 0;
    }
    for (const one of document.querySelectorAll("input[data-picked]")) one.value = [...ids].join(",");
    for (const one of document.querySelectorAll("input[data-everything]")) one.value = everything ? "on" : "";
  }, [ids, everything, rows]);

  if (!ids.size) return null;
  return (
    <div className="bulk-bar" role="region" aria-label="Selected records">
      <span role="status" className="strong num">{everything ? `All ${matchingWords} selected` : `${ids.size} selected`}</span>
      {whole && !everything && matching > ids.size && (
        <button type="button" className="button ghost" onClick={() => setPicked({ ids, everything: true })}>Select all {matchingWords} that match</button>
      )}
      {!everything && ids.size > MOST ? <span>Select all that match, or at most {MOST.toLocaleString("en")}</span> : <span className="bulk-acts">{children}</span>}
      <button type="button" className="button ghost" onClick={() => setPicked(NONE)}>Clear selection</button>
    </div>
  );
}
