// What every page shares in the browser: dialogs that are addresses (#name), focus on the heading after a
// change of page, shortcuts, the palette, and the few acts that need no server.
import { lazy, Suspense, useContext, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { defaultKeybindingsHandlerIgnore, tinykeys } from "tinykeys";
import { ColorModeContext } from "$/utils/context-registry";
import { refs } from "$/utils/state";

// What asks the server shows at once that it was pressed, for so long at most.
const BUSY = 1000;
const loadPalette = () => import("./palette.jsx");
const Palette = lazy(loadPalette);
const isDialog = (el) => el instanceof HTMLDialogElement;
const target = (hash) => hash && document.getElementById(decodeURIComponent(hash.slice(1)));
let lastPath;
let refreshed = false;

const forgetHash = () => history.replaceState(history.state, "", location.pathname + location.search);

function syncDialogs(hash) {
  const wanted = target(hash);
  for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog !== wanted && dialog.id) dialog.close();
  if (!isDialog(wanted) || wanted.open) return;
  // What is selected does not outlast a reload: a dialog about it has nothing to ask then.
  if (wanted.querySelector("input[data-picked]")?.value === "") return forgetHash();
  wanted.showModal();
  (wanted.querySelector("form .input, form .select, form input[type=checkbox]") ?? wanted.querySelector("h2"))?.focus();
}

const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("sc:draft:"));
const forgetDrafts = () => [...drafts(), RECENT].forEach((key) => localStorage.removeItem(key));

// The records opened last, for the palette: in this browser only, until somebody signs out.
const RECENT = "sc:recent";
const RECORD = /^\/(accounts|contacts|opportunities)\/[0-9a-f-]{36}$/;
const ICONS = { accounts: "building-2", contacts: "user", opportunities: "handshake" };
const recent = () => { try { return JSON.parse(localStorage.getItem(RECENT)) ?? []; } catch { return []; } };
function remember({ href, label }) {
  const path = href && new URL(href, location.origin).pathname;
  const kind = RECORD.exec(path ?? "")?.[1];
  if (!kind || !label?.trim()) return;
  const one = { href: path, label: label.trim().slice(0, 120), icon: ICONS[kind], group: "Recent" };
  localStorage.setItem(RECENT, JSON.stringify([one, ...recent().filter((known) => known.href !== path)].slice(0, 6)));
}

async function post(url, body) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: body || "{}" });
  } catch {
    return refs.__toast?.error("The server cannot be reached. Try again in a moment.");
  }
  if (url.endsWith("/sign-out")) forgetDrafts();
  const found = await answer.json().catch(() => ({}));
  if (answer.ok || answer.status === 401) location.assign(found.next ?? "/sign-in");
  else refs.__toast?.error(found.detail ?? "This did not work. Try again in a moment.");
}

async function copy(text) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    const area = (document.querySelector("dialog[open]") ?? document.body).appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  refs.__toast?.success("Copied");
}

// What stands in the palette's place for as long as it is on its way.
function Opening() {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  return <dialog ref={dialog} className="palette" data-opening="" aria-label="Search and commands" aria-busy="true"><p>Opening ...</p></dialog>;
}

export function Frame({ commands = [], allowed = [], shortcuts = true, member = true, who = "", found, onFind }) {
  const navigate = useNavigate();
  const location_ = useLocation();
  const { toggleColorMode } = useContext(ColorModeContext);
  const [palette, setPalette] = useState(false);
  const early = useRef("");
  const before = useRef(null);
  const shown = commands.filter((c) => !c.needs || allowed.includes(c.needs));

  // Who is shown the palette is given back the focus that its first dialog, and then the palette, have taken.
  const openPalette = () => { before.current = document.activeElement; setPalette(true); };
  const acts = {
    palette: () => openPalette(),
    theme: () => toggleColorMode(),
    rail: () => localStorage.setItem("sc:rail", document.documentElement.toggleAttribute("data-rail") ? "1" : ""),
    copy: (el) => copy(el.dataset.value),
    post: (el) => post(el.dataset.url, el.dataset.body),
    close: (el) => el.closest("dialog")?.close(),
  };
  const run = (command) => {
    setPalette(false);
    remember(command);
    if (command.href?.startsWith("#")) navigate(location.pathname + location.search + command.href);
    else if (command.href) navigate(command.href);
    else acts[command.act]({ dataset: command });
  };
  const live = useRef({});
  live.current = { acts, run, go: navigate, toggle: () => (palette ? setPalette(false) : openPalette()) };

  useEffect(() => {
    const click = (event) => {
      if (isDialog(event.target)) return event.target.close();
      const hit = event.target.closest?.("[data-act], a");
      hit?.closest("[popover]")?.hidePopover();
      if (hit?.href) remember({ href: hit.href, label: hit.textContent });
      const waiting = event.target.closest?.("[data-waits]");
      if (waiting) {
        waiting.setAttribute("aria-busy", "true");
        setTimeout(() => waiting.removeAttribute("aria-busy"), BUSY);
      }
      if (hit?.dataset.act) live.current.acts[hit.dataset.act]?.(hit);
      else if (hit?.matches(".skip")) document.getElementById("main").focus();
    };
    // A link to a dialog of this page keeps the address's filters; the browser's own way would leave them behind.
    const open = (event) => {
      const link = event.target.closest?.("a[href*='#']");
      if (!link || !location.search || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const url = new URL(link.href);
      if (url.search || url.pathname !== location.pathname || !isDialog(target(url.hash))) return;
      event.preventDefault();
      live.current.go(location.pathname + location.search + url.hash);
    };
    const closed = (event) => {
      if (isDialog(event.target) && target(location.hash) === event.target) forgetHash();
    };
    // Who presses Control may want the palette: it is there when K follows.
    const soon = (event) => { if (event.key === "Control" || event.key === "Meta") loadPalette(); };
    document.addEventListener("click", click);
    document.addEventListener("click", open, true);
    document.addEventListener("close", closed, true);
    document.addEventListener("keydown", soon);
    const offPalette = tinykeys(window, { "$mod+k": (e) => { e.preventDefault(); live.current.toggle(); } }, { ignore: () => false });
    return () => { document.removeEventListener("click", click); document.removeEventListener("click", open, true); document.removeEventListener("close", closed, true); document.removeEventListener("keydown", soon); offPalette(); };
  }, []);

  useEffect(() => {
    // The palette is loaded when it is first opened; what is typed until it is there is its own already.
    if (!palette) return;
    early.current = "";
    const typed = (event) => {
      if (document.querySelector("dialog.palette[open]:not([data-opening])") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") setPalette(false);
      else if (event.key === "Backspace") early.current = early.current.slice(0, -1);
      else if (event.key.length === 1) early.current += event.key;
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", typed, true);
    return () => {
      window.removeEventListener("keydown", typed, true);
      if (before.current?.isConnected && document.activeElement === document.body) before.current.focus({ preventScroll: true });
    };
  }, [palette]);

  useEffect(() => {
    // A day-old session gets a new token; once per load is enough.
    if (member && !refreshed) fetch("/auth/refresh", { method: "POST" }).then((answer) => answer.text()).catch(() => {});
    refreshed = true;
  }, []);

  useEffect(() => {
    // What somebody else left in this browser is not for whoever came after them.
    if (!who) return;
    const stranger = ![null, who].includes(localStorage.getItem("sc:who")) && drafts().length > 0;
    localStorage.setItem("sc:who", who);
    if (stranger) { forgetDrafts(); location.reload(); }
  }, [who]);

  useEffect(() => {
    const heading = document.querySelector("main h1");
    if (lastPath && lastPath !== location_.pathname) { window.scrollTo(0, 0); heading?.focus({ preventScroll: true }); }
    lastPath = location_.pathname;
    syncDialogs(location_.hash);
    if (!location_.hash || target(location_.hash)) return;
    // A dialog that comes later, when the server has told who this is, opens as soon as it is there.
    const fresh = new MutationObserver(() => {
      if (!target(location_.hash)) return;
      fresh.disconnect();
      syncDialogs(location_.hash);
    });
    fresh.observe(document.body, { childList: true, subtree: true });
    return () => fresh.disconnect();
  }, [location_]);

  useEffect(() => {
    if (!shortcuts) return;
    const keys = { "/": () => openPalette(), "[Shift]+?": () => run({ href: "#shortcuts" }) };
    for (const command of shown) if (command.keys) keys[command.keys] = () => live.current.run(command);
    const calm = (handler) => (event) => { event.preventDefault(); handler(); };
    return tinykeys(window, Object.fromEntries(Object.entries(keys).map(([k, h]) => [k, calm(h)])), {
      ignore: (event) => defaultKeybindingsHandlerIgnore(event) || !!document.querySelector("dialog[open]"),
    });
  }, [shortcuts, shown.length, location_.pathname]);

  return palette && <Suspense fallback={<Opening />}><Palette commands={shown} recent={member ? recent() : []} found={found} begun={early} searches={member && allowed.includes("records.read")} onFind={onFind} onRun={run} onClose={() => setPalette(false)} /></Suspense>;
}
