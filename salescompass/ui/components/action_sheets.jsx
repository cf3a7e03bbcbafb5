// What is done to an action without leaving the page: how it went, when again, why not, who else. A sheet is an
// address (#done-ID), so Back closes it and a reload opens it again. It opens and closes without asking the server;
// what is told to the server is one act, and the card steps aside at once.
import { useEffect, useState } from "react";
import { useLocation } from "react-router";

const SHEET = /^#(done|snooze|dismiss|delegate|more)-([0-9a-f-]{36})$/;
const FAR = 88;
const BACK = "sc:gone-to";
const AWAY = 1500;

const icon = (name, size = 16) => <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
const card = (id) => document.querySelector(`[data-action="${id}"]`);
const close = () => document.querySelector("dialog.act[open]")?.close();
const open = (name) => { location.hash = name; };

// Until the server has answered; if it refuses, the card is back.
function aside(id) {
  const one = card(id);
  if (!one) return;
  one.dataset.leaving = "";
  setTimeout(() => { if (one.isConnected) delete one.dataset.leaving; }, 5000);
}

export function ActionSheets({ cards = [], outcomes = {}, reasons = [], snoozes = [], waits = [], members = [], onComplete, onSnooze, onDismiss, onDelegate }) {
  const here = useLocation();
  const [, name, id] = SHEET.exec(here.hash) ?? [];
  const about = cards.find((one) => one.id === id);

  useEffect(() => {
    // Who went to call or write is asked how it went on coming back.
    const went = (event) => {
      const link = event.target.closest?.("a[data-do]");
      if (link) sessionStorage.setItem(BACK, JSON.stringify({ id: link.dataset.do, at: Date.now() }));
    };
    const back = () => {
      if (document.visibilityState !== "visible") return;
      const gone = JSON.parse(sessionStorage.getItem(BACK) ?? "null");
      if (!gone || Date.now() - gone.at < AWAY) return;
      sessionStorage.removeItem(BACK);
      if (card(gone.id) && !document.querySelector("dialog[open]")) open(`done-${gone.id}`);
    };
    document.addEventListener("click", went);
    document.addEventListener("visibilitychange", back);
    window.addEventListener("focus", back);
    return () => { document.removeEventListener("click", went); document.removeEventListener("visibilitychange", back); window.removeEventListener("focus", back); };
  }, []);

  useEffect(() => {
    // A swipe to the right is Done, to the left Snooze; the buttons do the same.
    let from = null;
    const start = (event) => {
      const one = event.touches.length === 1 && event.target.closest?.("[data-action][data-swipe]");
      from = one ? { one, x: event.touches[0].clientX, y: event.touches[0].clientY, by: 0 } : null;
    };
    const move = (event) => {
      if (!from) return;
      const x = event.touches[0].clientX - from.x;
      if (Math.abs(event.touches[0].clientY - from.y) > Math.abs(x) + 8) { drop(); return; }
      from.by = x;
      if (Math.abs(x) > 12) from.one.style.transform = `translateX(${x / 2}px)`;
    };
    const drop = () => { if (from) from.one.style.transform = ""; from = null; };
    const end = () => {
      if (from && Math.abs(from.by) >= FAR) open(`${from.by > 0 ? "done" : "snooze"}-${from.one.dataset.action}`);
      drop();
    };
    document.addEventListener("touchstart", start, { passive: true });
    document.addEventListener("touchmove", move, { passive: true });
    document.addEventListener("touchend", end);
    document.addEventListener("touchcancel", drop);
    return () => { document.removeEventListener("touchstart", start); document.removeEventListener("touchmove", move); document.removeEventListener("touchend", end); document.removeEventListener("touchcancel", drop); };
  }, []);

  if (!name || !about) return null;
  const tell = (handler, form) => {
    close();
    aside(id);
    handler({ action: id, version: about.version, ...form });
  };
  return <Sheet key={here.hash} {...{ name, about, outcomes, reasons, snoozes, waits, members, tell, onComplete, onSnooze, onDismiss, onDelegate }} />;
}

function Sheet({ name, about, outcomes, reasons, snoozes, waits, members, tell, onComplete, onSnooze, onDismiss, onDelegate }) {
  const [note, setNote] = useState("");
  const id = `${name}-${about.id}`;
  const said = (label) => (
    <div className="field">
      <label htmlFor={`${id}-note`}>{label}</label>
      <textarea id={`${id}-note`} className="area plain" rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
    </div>
  );
  const choices = (list, act) => (
    <div className="act-choices">
      {list.map(([value, label, symbol]) => <button key={value} type="button" className="button outline" onClick={() => act(value)}>{symbol && icon(symbol)}{label}</button>)}
    </div>
  );
  const bodies = {
    done: ["How did it go?", () => <>{choices(outcomes[about.kind] ?? [], (outcome) => tell(onComplete, { outcome, note }))}{said("Note (optional)")}</>],
    snooze: ["Show it again", () => <Snooze {...{ id, about, snoozes, waits, choices, tell, onSnooze }} />],
    dismiss: ["Why is it not done?", () => <>{choices(reasons, (reason) => tell(onDismiss, { reason, note }))}{said("Note (optional)")}</>],
    delegate: ["Ask a colleague to take it over", () => <Delegate {...{ id, about, members, note, said, tell, onDelegate }} />],
    more: ["More", () => (
      <div>
        {about.record && <a className="menu-item" href={about.record}>{icon("user")}Open the record</a>}
        <a className="menu-item" href={about.href}>{icon("eye")}Details, why and history</a>
        {about.may && <a className="menu-item" href={`#delegate-${about.id}`}>{icon("user-plus")}Delegate</a>}
        {about.may && <a className="menu-item" href={`#dismiss-${about.id}`}>{icon("ban")}Not to be done</a>}
      </div>
    )],
  };
  const [title, body] = bodies[name];
  return (
    <dialog id={id} className="act" aria-labelledby={`${id}-title`}>
      <div className="sheet-head">
        <div className="grow"><h2 id={`${id}-title`} tabIndex={-1}>{title}</h2><p className="meta">{about.title}</p></div>
        <button type="button" className="icon-button" data-act="close" aria-label="Close">{icon("x")}</button>
      </div>
      <div className="sheet-body"><div className="stack">{body()}</div></div>
    </dialog>
  );
}

function Snooze({ id, about, snoozes, waits, choices, tell, onSnooze }) {
  const [at, setAt] = useState("");
  const [wait, setWait] = useState("");
  return (
    <>
      {choices(snoozes, (until) => tell(onSnooze, { until, wait: "" }))}
      <div className="field">
        <label htmlFor={`${id}-at`}>Day and time</label>
        <div className="act-line">
          <input id={`${id}-at`} className="input" type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
          <button type="button" className="button outline" disabled={!at} onClick={() => tell(onSnooze, { until: at, wait: "" })}>Snooze</button>
        </div>
      </div>
      {about.waits && (
        <div className="field">
          <label htmlFor={`${id}-wait`}>Until they do something</label>
          <div className="act-line">
            <select id={`${id}-wait`} className="select" value={wait} onChange={(event) => setWait(event.target.value)}>
              <option value="">Choose what</option>
              {waits.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
            </select>
            <button type="button" className="button outline" disabled={!wait} onClick={() => tell(onSnooze, { until: "", wait })}>Wait</button>
          </div>
          <p className="help">It comes back after 30 days at the latest.</p>
        </div>
      )}
    </>
  );
}

function Delegate({ id, members, note, said, tell, onDelegate }) {
  const [member, setMember] = useState("");
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-member`}>Colleague</label>
        <select id={`${id}-member`} className="select" value={member} onChange={(event) => setMember(event.target.value)}>
          <option value="">Choose who</option>
          {members.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
        <p className="help">It stays yours until they accept. You are told when they answer.</p>
      </div>
      {said("What should they know? (optional)")}
      <div className="form-actions">
        <button type="button" className="button outline" data-act="close">Cancel</button>
        <button type="button" className="button solid" disabled={!member} onClick={() => tell(onDelegate, { member, note })}>Ask</button>
      </div>
    </>
  );
}
