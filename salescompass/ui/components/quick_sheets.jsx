// What can be written down from any page: that somebody was called, met or written to (#log), and what is to be done
// next (#plan). On a record's page it is about that record; elsewhere one is looked for. The last tap saves.
import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const RECORD = /^\/(accounts|contacts|opportunities)\/([0-9a-f-]{36})$/;
const KINDS = { Accounts: "accounts", People: "contacts", Deals: "opportunities" };
const icon = (name, size = 16) => <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
const close = () => document.querySelector("dialog.quick[open]")?.close();

function pageRecord(path) {
  const [, of, id] = RECORD.exec(path) ?? [];
  const name = id && document.querySelector("main h1")?.textContent?.trim();
  return name ? { of, id, name } : null;
}

function Subject({ id, about, setAbout, found, onFind }) {
  const [text, setText] = useState("");
  const ticket = useRef(0);
  const waiting = useRef();
  if (about) {
    return (
      <div className="field">
        <span className="strong">{about.name}</span>
        <button type="button" className="link" onClick={() => setAbout(null)}>Somebody else</button>
      </div>
    );
  }
  const asked = (value) => {
    setText(value);
    clearTimeout(waiting.current);
    if (value.trim().length > 1) waiting.current = setTimeout(() => onFind((ticket.current += 1), value.trim()), 150);
  };
  const items = text.trim().length > 1 && found?.ticket === ticket.current ? found.items.filter((one) => KINDS[one.group]) : [];
  return (
    <div className="field">
      <label htmlFor={`${id}-who`}>With whom</label>
      <input id={`${id}-who`} className="input" type="search" autoComplete="off" placeholder="Name of a person, account or deal" value={text} onChange={(event) => asked(event.target.value)} />
      <ul className="quick-found" aria-label="Found">
        {items.map((one) => (
          <li key={one.href}>
            <button type="button" className="menu-item" onClick={() => setAbout({ of: KINDS[one.group], id: one.href.split("/").pop(), name: one.label })}>
              {icon(one.icon)}<span className="grow">{one.label}</span><span className="meta">{one.detail}</span>
            </button>
          </li>
        ))}
      </ul>
      {text.trim().length > 1 && found?.ticket === ticket.current && !items.length && <p className="help" role="status">Nobody by that name.</p>}
    </div>
  );
}

function Choices({ list, disabled, act }) {
  return (
    <div className="act-choices">
      {list.map(([value, label, symbol]) => <button key={value} type="button" className="button outline" disabled={disabled} onClick={() => act(value)}>{icon(symbol)}{label}</button>)}
    </div>
  );
}

function Kinds({ kinds, kind, setKind }) {
  return (
    <div className="segments" role="group" aria-label="Kind">
      {kinds.map(([value, label]) => <button key={value} type="button" aria-pressed={kind === value} onClick={() => setKind(value)}>{label}</button>)}
    </div>
  );
}

function Head({ id, title, other }) {
  return (
    <div className="sheet-head">
      <h2 id={`${id}-title`} tabIndex={-1}>{title}</h2>
      <a className="link" href={other[0]}>{other[1]}</a>
      <button type="button" className="icon-button" data-act="close" aria-label="Close">{icon("x")}</button>
    </div>
  );
}

export function QuickSheets({ allowed = [], outcomes = {}, kinds = [], found, onFind, onLog, onPlan }) {
  const here = useLocation();
  const [about, setAbout] = useState(null);
  const [kind, setKind] = useState("call");
  const [note, setNote] = useState("");
  const [title, setTitle] = useState("");
  const [at, setAt] = useState("");
  const open = here.hash === "#log" || here.hash === "#plan";
  useEffect(() => {
    if (open) setAbout((known) => pageRecord(location.pathname) ?? known);
    else { setNote(""); setTitle(""); setAt(""); setAbout(null); }
  }, [open]);
  if (!allowed.includes("actions.write")) return null;

  const words = kinds.find(([value]) => value === kind)?.[1] ?? "";
  const planned = title.trim() || (about ? `${words} ${about.name}` : "");
  const logged = [...kinds.filter(([value]) => value !== "task"), ["note", "Note"]];
  const send = (handler, form) => { close(); handler({ of: about?.of ?? "", record: about?.id ?? "", kind, note, ...form }); };
  const text = (id, label) => (
    <div className="field">
      <label htmlFor={`${id}-note`}>{label}</label>
      <textarea id={`${id}-note`} className="area plain" rows={2} maxLength={4000} value={note} onChange={(event) => setNote(event.target.value)} />
    </div>
  );
  const logKind = kind === "task" ? "call" : kind;
  return (
    <>
      <dialog id="log" className="quick" aria-labelledby="log-title">
        <Head id="log" title="Log what happened" other={["#plan", "Plan instead"]} />
        <div className="sheet-body"><div className="stack">
          <Subject id="log" {...{ about, setAbout, found, onFind }} />
          <Kinds kinds={logged} kind={logKind} setKind={setKind} />
          {logKind === "note"
            ? <>{text("log", "Note")}<div className="form-actions"><button type="button" className="button solid" disabled={!about || !note.trim()} onClick={() => send(onLog, { kind: "note", outcome: "" })}>Save note</button></div></>
            : <><Choices list={outcomes[logKind] ?? []} disabled={!about} act={(outcome) => send(onLog, { kind: logKind, outcome })} />{text("log", "Note (optional, write it first)")}</>}
        </div></div>
      </dialog>
      <dialog id="plan" className="quick" aria-labelledby="plan-title">
        <Head id="plan" title="New action" other={["#log", "Log instead"]} />
        <div className="sheet-body"><div className="stack">
          <Subject id="plan" {...{ about, setAbout, found, onFind }} />
          <Kinds kinds={kinds} kind={kind === "note" ? "call" : kind} setKind={setKind} />
          <div className="field">
            <label htmlFor="plan-what">What</label>
            <input id="plan-what" className="input" maxLength={200} placeholder={planned || "What is to be done"} value={title} onChange={(event) => setTitle(event.target.value)} />
          </div>
          <Choices list={[["today", "Today", "sun"], ["tomorrow", "Tomorrow", "calendar"], ["week", "In a week", "calendar-days"]]} disabled={!planned} act={(when) => send(onPlan, { kind: kind === "note" ? "call" : kind, title: planned, due: when })} />
          <div className="field">
            <label htmlFor="plan-at">Another day and time</label>
            <div className="act-line">
              <input id="plan-at" className="input" type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
              <button type="button" className="button outline" disabled={!at || !planned} onClick={() => send(onPlan, { kind: kind === "note" ? "call" : kind, title: planned, due: at })}>Add</button>
            </div>
          </div>
          {text("plan", "Detail (optional)")}
        </div></div>
      </dialog>
    </>
  );
}
