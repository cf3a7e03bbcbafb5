// One form: keeps what was typed (a reload, a second tab and a lost socket find it again), shows what is
// wrong beside the field and above the form, and sends by HTTP (`action`) or as an event (`onSubmit`).
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { eventLoop } from "$/utils/context-registry";

const Errors = createContext({ form: "", errors: {} });
const draftKey = (name) => `sc:draft:${name}`;
const kept = (el) => el.name && el.type !== "password" && el.type !== "hidden";

function values(form) {
  const found = {};
  for (const el of form.elements) {
    if (!el.name) continue;
    if (el.type === "checkbox") {
      found[el.name] ??= [];
      if (el.checked) found[el.name].push(el.value);
    } else if ("list" in el.dataset) (found[el.name] ??= []).push(el.value);
    else if (el.type !== "radio" || el.checked) found[el.name] = el.value;
  }
  return found;
}

function snapshot(form) {
  const all = values(form);
  const names = new Set([...form.elements].filter(kept).map((el) => el.name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

function restore(form, draft, done) {
  for (const el of form.elements) {
    if (done.has(el)) continue;
    done.add(el);
    if (!kept(el) || !(el.name in draft)) continue;
    let value = draft[el.name];
    // Of several fields of one name each takes its own place in the list.
    if ("list" in el.dataset) value = value[[...form.elements].filter((one) => one.name === el.name).indexOf(el)] ?? el.value;
    if (el.type === "checkbox") el.checked = Array.isArray(value) && value.includes(el.value);
    else if (el.type === "radio") el.checked = value === el.value;
    else el.value = value;
  }
}

// An event of now would wait in the browser and run when the server is back, long after the page said it had failed.
const away = () => navigator.onLine === false || (eventLoop.connectErrors ?? []).length > 0;

async function post(action, body) {
  let response;
  try {
    response = await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    return { message: "The server cannot be reached. What you typed is still here; try again." };
  }
  const found = await response.json().catch(() => ({}));
  if (response.ok) return { ok: true, next: found.next };
  const errors = Object.fromEntries((found.errors ?? []).map((e) => [e.field ?? e.pointer?.replace("/", "") ?? "", e.message]));
  return { errors, message: Object.keys(errors).length ? "" : found.detail };
}

export function Form({ name, action, onSubmit, draft = true, draftOf = "", sent = "", className, children }) {
  const draftName = draftOf ? `${name}:${draftOf}` : name;
  const ref = useRef(null);
  const summary = useRef(null);
  const waiting = useRef(false);
  const late = useRef(false);
  const timer = useRef(0);
  const typed = useRef({});
  const [state, setState] = useState({ errors: {}, message: "", busy: false, kept: false, sent: false });

  const answered = useCallback((answer) => {
    // An answer that comes after "No answer yet" still counts.
    if (!waiting.current && !late.current) return;
    clearTimeout(timer.current);
    waiting.current = false;
    late.current = !!answer.late;
    if (answer.ok) {
      forget();
      setState({ errors: {}, message: "", busy: !!answer.next, kept: false, sent: true });
      if (answer.next) return window.location.assign(answer.next);
      ref.current.reset();
      return ref.current.closest("dialog:not(.panel)")?.close();
    }
    // An error whose field is not on this form, or is not seen (a token, say, or what is selected), is told above it.
    const all = Object.entries(answer.errors ?? {});
    const seen = (field) => { const el = ref.current.elements.namedItem(field); return el && el.type !== "hidden"; };
    const here = all.filter(([field]) => seen(field));
    const message = [answer.message, ...all.filter((e) => !here.includes(e)).map((e) => e[1])].filter(Boolean).join(" ");
    setState((old) => ({ ...old, errors: Object.fromEntries(here), message: message || (here.length ? "" : "This did not work. Try again in a moment."), busy: false }));
  }, [name]);

  useEffect(() => {
    const form = ref.current;
    const stored = draft && localStorage.getItem(draftKey(draftName));
    const done = new WeakSet();
    typed.current = stored ? JSON.parse(stored) : {};
    if (stored && stored !== JSON.stringify(snapshot(form))) setState((old) => ({ ...old, kept: true }));
    restore(form, typed.current, done);
    // Fields that the server sends later, or again after a new connection, find what was typed too.
    const fresh = new MutationObserver(() => restore(form, typed.current, done));
    fresh.observe(form, { childList: true, subtree: true });
    const listen = (event) => event.detail.form === name && answered(event.detail);
    window.addEventListener("sc:answer", listen);
    window.scAwake = true;
    if (window.scEarly === form.id) form.requestSubmit();
    window.scEarly = "";
    return () => { clearTimeout(timer.current); fresh.disconnect(); window.removeEventListener("sc:answer", listen); };
  }, [name]);

  useEffect(() => {
    const wrong = Object.keys(state.errors);
    for (const el of ref.current.elements) if (el.name) el.setAttribute("aria-invalid", String(wrong.includes(el.name)));
    if (wrong.length === 1 && !state.message) ref.current.elements.namedItem(wrong[0])?.focus?.();
    else if (wrong.length || state.message) summary.current?.focus();
  }, [state.errors, state.message]);

  async function submit(event) {
    event.preventDefault();
    if (waiting.current) return;
    waiting.current = true;
    setState((old) => ({ ...old, errors: {}, message: "", busy: true }));
    const body = values(ref.current);
    // A link in a letter brings its token in the address, sign-in the page to come back to: they go along.
    if (action) return answered(await post(action, { ...Object.fromEntries(new URLSearchParams(location.search)), ...body }));
    // The connection may only have blinked.
    for (let n = 0; n < 40 && navigator.onLine && away(); n++) await new Promise((soon) => setTimeout(soon, 200));
    if (away()) return answered({ message: "The server is away, so nothing was sent. What you typed is kept; try again when the connection is back." });
    onSubmit(body);
    const none = { late: true, message: "No answer yet. What you typed is kept. If the answer still comes, it is shown here; otherwise try again." };
    timer.current = setTimeout(() => answered(none), 10000);
  }

  function keep() {
    typed.current = { ...typed.current, ...snapshot(ref.current) };
    if (draft) localStorage.setItem(draftKey(draftName), JSON.stringify(typed.current));
  }

  function forget() {
    typed.current = {};
    localStorage.removeItem(draftKey(draftName));
  }

  function startOver() {
    forget();
    ref.current.reset();
    setState((old) => ({ ...old, kept: false, errors: {}, message: "" }));
  }

  const label = (field) => ref.current?.elements.namedItem(field)?.labels?.[0]?.innerText ?? field;
  const wrong = Object.entries(state.errors);
  return (
    <Errors.Provider value={{ form: name, errors: state.errors }}>
      <form ref={ref} id={`form-${name}`} name={name} method="dialog" noValidate aria-busy={state.busy} className={`form ${className ?? ""}`}
        onSubmit={submit} onInput={keep}>
        {(state.message || wrong.length > 1) && (
          <div ref={summary} className="form-summary" role="alert" tabIndex={-1}>
            <p>{state.message || "Please look at these again:"}</p>
            {wrong.length > 0 && <ul>{wrong.map(([field, text]) => <li key={field}><a href={`#${name}-${field}`} onClick={(e) => { e.preventDefault(); document.getElementById(`${name}-${field}`)?.focus(); }}>{label(field)}: {text}</a></li>)}</ul>}
          </div>
        )}
        {state.sent && sent && <p className="note success" role="status">{sent}</p>}
        {state.kept && <p className="kept" role="status">We kept what you typed here earlier. <button type="button" className="link" onClick={startOver}>Start over</button></p>}
        {children}
      </form>
    </Errors.Provider>
  );
}

export function FieldError({ field }) {
  const { form, errors } = useContext(Errors);
  return <p id={`${form}-${field}-error`} className={errors[field] ? "field-error" : "hidden"} aria-live="polite">{errors[field]}</p>;
}
