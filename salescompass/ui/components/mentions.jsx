// A field in which @ names somebody: while a name is typed, those who may read the text are offered, by keyboard and touch.
import { useEffect, useId, useRef, useState } from "react";

// An @ that begins a word, and what is typed of a name so far: at most three words.
const NAMING = /(?:^|[^\w@.+-])@([^\s@]{0,40}(?: [^\s@]{1,40}){0,2})$/;

function typed(area) {
  const found = area.selectionStart === area.selectionEnd && NAMING.exec(area.value.slice(0, area.selectionStart));
  return found ? found[1] : null;
}

function write(area, start, end, text) {
  area.focus();
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function MentionArea({ areaId, name, label, rows = 2, longest, value = "", describedby, onAsk }) {
  const area = useRef(null);
  const list = useId();
  const asked = useRef(null);
  const timer = useRef(0);
  const [found, setFound] = useState([]);
  const [at, setAt] = useState(0);
  const [picked, setPicked] = useState([]);

  const close = () => { asked.current = null; setFound([]); };

  useEffect(() => {
    const told = (event) => {
      if (event.detail.asked !== asked.current) return;
      setFound(event.detail.found);
      setAt(0);
    };
    const form = area.current.form;
    const emptied = () => { setPicked([]); close(); };
    window.addEventListener("sc:named", told);
    form?.addEventListener("reset", emptied);
    return () => {
      clearTimeout(timer.current);
      window.removeEventListener("sc:named", told);
      form?.removeEventListener("reset", emptied);
    };
  }, []);

  // On a phone the list may begin below what is seen.
  useEffect(() => { if (found.length) document.getElementById(list)?.scrollIntoView({ block: "nearest" }); }, [found]);

  function look() {
    const text = typed(area.current);
    if (text !== null && text === asked.current) return;
    clearTimeout(timer.current);
    if (text === null) return close();
    asked.current = text;
    timer.current = setTimeout(() => onAsk(text, area.current.form?.elements.namedItem("visibility")?.value ?? "all"), 100);
  }

  function pick(one) {
    const end = area.current.selectionStart;
    write(area.current, end - asked.current.length, end, `${one.name} `);
    setPicked((old) => [...new Set([...old, one.key])]);
    close();
  }

  function keys(event) {
    if (!found.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((old) => (old + step + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") pick(found[at]);
    else if (event.key === "Escape") { event.stopPropagation(); close(); }
    else return;
    event.preventDefault();
  }

  function begin() {
    const { selectionStart: start, selectionEnd: end, value: text } = area.current;
    write(area.current, start, end, start && !/\s$/.test(text.slice(0, start)) ? " @" : "@");
    look();
  }

  const open = found.length > 0;
  return (
    <div className="mentioning">
      <textarea ref={area} id={areaId} name={name} rows={rows} maxLength={longest} defaultValue={value} className="area"
        aria-label={areaId ? undefined : label} aria-describedby={describedby || undefined} aria-autocomplete="list"
        aria-haspopup="listbox" aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}${at}` : undefined} onInput={look} onClick={look} onKeyUp={(e) => e.key.startsWith("Arrow") && !open && look()}
        onKeyDown={keys} onBlur={close} />
      <button type="button" className="icon-button" aria-label="Mention somebody" title="Mention somebody" onPointerDown={(e) => e.preventDefault()} onClick={begin}>
        <svg className="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><use href="/icons.svg#at-sign" /></svg>
      </button>
      {picked.map((key) => <input key={key} type="hidden" name="picked" data-list="" value={key} readOnly />)}
      {open && (
        <ul id={list} role="listbox" aria-label="People and teams" className="named-list">
          {found.map((one, n) => (
            <li key={one.key} id={`${list}${n}`} role="option" aria-selected={n === at} onPointerDown={(e) => e.preventDefault()} onClick={() => pick(one)}>
              <span className={`avatar ${one.tint}`} aria-hidden="true">{one.initials}</span>
              <span className="grow cut">{one.name}</span>
              {one.detail && <span className="meta">{one.detail}</span>}
            </li>
          ))}
        </ul>
      )}
      <span className="hidden" role="status">{open ? `${found.length} to choose from, ${found[at].name}` : ""}</span>
    </div>
  );
}
