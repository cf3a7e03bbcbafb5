// A panel beside the page, a sheet on phones: it is there while the address says so; what belongs to another address
// is not shown under this one; and the keys of a list.
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { defaultKeybindingsHandlerIgnore, tinykeys } from "tinykeys";

const WIDE = "(min-width: 768px)";
const FOLDED = "(max-width: 1439px)";
const root = () => document.documentElement;
const unfold = () => {
  root().removeAttribute("data-panel");
  root().toggleAttribute("data-rail", !!localStorage.getItem("sc:rail"));
};
const calm = (handler) => (event) => { event.preventDefault(); handler(); };
const elsewhere = (event) => defaultKeybindingsHandlerIgnore(event) || !!document.querySelector("dialog[open], [popover]:popover-open");

export function SidePanel({ param, ...props }) {
  const here = useLocation();
  return new URLSearchParams(here.search).has(param) && <Panel {...props} />;
}

function Panel({ label, closeHref, children }) {
  const navigate = useNavigate();
  const [wide, setWide] = useState(() => typeof matchMedia === "undefined" || matchMedia(WIDE).matches);
  const panel = useRef(null);
  const href = useRef(closeHref);
  href.current = closeHref;
  const close = () => navigate(href.current);

  useEffect(() => {
    const media = matchMedia(WIDE);
    const changed = () => setWide(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);

  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    let leaving = false;
    const closed = () => leaving || close();
    if (wide) {
      root().setAttribute("data-panel", "");
      if (matchMedia(FOLDED).matches) root().setAttribute("data-rail", "");
    } else {
      element.showModal();
      element.addEventListener("close", closed);
    }
    element.querySelector("h2")?.focus({ preventScroll: true });
    return () => {
      leaving = true;
      element.removeEventListener("close", closed);
      if (wide) unfold();
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, [wide]);

  useEffect(() => tinykeys(window, { Escape: calm(close) }, { ignore: (event) => !wide || elsewhere(event) }), [wide]);

  return wide
    ? <aside ref={panel} className="panel" aria-label={label}>{children}</aside>
    : <dialog ref={panel} className="panel" aria-label={label}>{children}</dialog>;
}

const LONGEST_PATH = 200;
// Panels are no part of what was read.
const wanted = (search) => {
  const query = new URLSearchParams(search);
  for (const name of ["event", "panel", "raw"]) query.delete(name);
  return query.toString();
};

export function Here({ echo, heading, children }) {
  const here = useLocation();
  const query = wanted(here.search);
  const known = (echo || "").split(" ")[0].replace(/\/$/, "") === here.pathname.replace(/\/$/, "").slice(0, LONGEST_PATH);
  const [read, setRead] = useState("");
  const fresh = known && read === query;
  useEffect(() => {
    setRead(wanted(window.location.search));
    if (known && !document.querySelector(".panel")) unfold();
  }, [echo, known]);
  if (known) return <div className={fresh ? undefined : "busy"} aria-busy={!fresh}>{children}</div>;
  return (
    <>
      {heading && <h1 className="hidden">{heading}</h1>}
      <div className="card skeleton under-toolbar" aria-hidden="true">{[62, 48, 71, 55, 66, 50, 60, 45].map((wide) => <div className="line" key={wide}><i style={{ width: `${wide}%` }} /></div>)}</div>
    </>
  );
}

export function ListKeys({ on = true }) {
  useEffect(() => {
    if (!on) return;
    const move = (step) => {
      const rows = [...document.querySelectorAll("[data-row]")].filter((el) => el.checkVisibility());
      const open = rows.findIndex((el) => el.getAttribute("aria-current") === "true");
      const here = open >= 0 ? open : rows.indexOf(document.activeElement);
      const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
      if (open >= 0) { if (next !== rows[open]) next.click(); } else next?.focus();
      next?.closest("li, tr")?.scrollIntoView({ block: "nearest" });
    };
    const open = () => document.activeElement?.matches("[data-row]") && document.activeElement.click();
    return tinykeys(window, { j: calm(() => move(1)), k: calm(() => move(-1)), o: calm(open) }, { ignore: elsewhere });
  }, [on]);
  return null;
}
