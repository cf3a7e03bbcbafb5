// The command palette: pages and actions by name, records as the server finds them, what was opened last; in a
// native dialog, loaded when it is first opened. An answer that is not to what is typed now is not shown.
import { useEffect, useMemo, useRef, useState } from "react";
import { Command, defaultFilter } from "cmdk";

const SURE = 0.5;
const PAUSE = 120;
const plain = (text) => text.trim().replace(/\s+/g, " ");
const groupsOf = (items) => [...new Set(items.map((one) => one.group))];

function ranked(commands, query) {
  if (!query) return { sure: commands, other: [] };
  const scored = commands
    .map((one) => ({ ...one, score: defaultFilter(one.label, query, one.also ?? []) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score);
  return { sure: scored.filter((one) => one.score >= SURE), other: scored.filter((one) => one.score < SURE) };
}

export default function Palette({ commands, recent, found, begun, searches, onFind, onRun, onClose }) {
  const dialog = useRef(null);
  const moved = useRef(false);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const [asked, setAsked] = useState("");
  const query = plain(typed);
  const ticket = useRef(Date.now() % 1e9);
  const fresh = asked !== "" && asked === query && found?.ticket === ticket.current;

  useEffect(() => {
    dialog.current.showModal();
    dialog.current.querySelector("input").focus();
    setTyped(begun.current);
    return () => dialog.current?.close();
  }, []);

  useEffect(() => {
    moved.current = false;
    if (!query || !searches) return;
    const soon = setTimeout(() => {
      ticket.current = (ticket.current + 1) % 1e9;
      setAsked(query);
      onFind(ticket.current, query);
    }, PAUSE);
    return () => clearTimeout(soon);
  }, [query, searches]);

  const items = useMemo(() => {
    const { sure, other } = ranked(commands, query);
    const records = query && fresh ? found.items : [];
    const last = query ? [] : recent;
    return [...last, ...sure, ...records, ...other].map((one) => ({ ...one, key: `${one.group} ${one.href ?? one.label}` }));
  }, [commands, recent, found, query, fresh]);

  const first = items[0]?.key ?? "";
  useEffect(() => { if (!moved.current) setChosen(first); }, [first, query]);
  const keys = (event) => { if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) moved.current = true; };
  const waiting = query && searches && !fresh;

  return (
    <dialog ref={dialog} className="palette" aria-label="Search and commands" onClose={onClose}>
      <Command label="Search and commands" loop shouldFilter={false} value={chosen} onValueChange={setChosen} onKeyDown={keys}>
        <div className="palette-head">
          <Command.Input value={typed} onValueChange={setTyped} maxLength={80} placeholder="Search records, pages and actions" autoFocus />
          <button type="button" className="icon-button palette-close" aria-label="Close" data-act="close">
            <svg className="icon" width="16" height="16" aria-hidden="true"><use href="/icons.svg#x" /></svg>
          </button>
        </div>
        <Command.List>
          <Command.Empty>{waiting ? "Searching ..." : "Nothing has this name. Try another word, or Esc to close."}</Command.Empty>
          {groupsOf(items).map((group) => (
            <Command.Group key={group} heading={group}>
              {items.filter((one) => one.group === group).map((one) => (
                <Command.Item key={one.key} value={one.key} onSelect={() => onRun(one)}>
                  <svg className="icon" width="16" height="16" aria-hidden="true"><use href={`/icons.svg#${one.icon}`} /></svg>
                  <span className="cut">{one.label}</span>
                  {one.detail && <span className="meta cut">{one.detail}</span>}
                  {one.keys && <span className="keys">{one.keys.split(" ").map((k) => <kbd key={k}>{k}</kbd>)}</span>}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}
