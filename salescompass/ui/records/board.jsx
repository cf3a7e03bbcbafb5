// Cards that a mouse drags from column to column, and the menu that does the same by keys and by touch. What is
// shown is the server's: a drop only says which deal shall be in which stage.
import { useEffect, useRef } from "react";

const FAR = 6;
const EDGE = 64;
const card = (el) => el?.closest?.("[data-deal]");
const column = (el) => el?.closest?.("[data-stage]");

function beside(menu, opener) {
  if (matchMedia("(max-width: 767px)").matches) { menu.removeAttribute("style"); return; }
  const at = opener.getBoundingClientRect();
  const top = Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8);
  Object.assign(menu.style, { top: `${Math.max(8, top)}px`, left: `${Math.max(8, at.right - menu.offsetWidth)}px`, bottom: "auto" });
}

export function DealBoard({ movable, revision, onMove, children }) {
  const board = useRef(null);
  const live = useRef({});
  live.current = { movable, onMove };
  const refocus = useRef(null);

  useEffect(() => {
    for (const one of board.current.querySelectorAll("[data-moving]")) delete one.dataset.moving;
    // The columns may be read for another reason before the card has moved: the focus waits for it.
    const moved = refocus.current && board.current.querySelector(`[data-deal="${refocus.current.deal}"]`);
    if (!moved || column(moved).dataset.stage === refocus.current.from) return;
    refocus.current = null;
    if (document.activeElement === document.body) moved.querySelector("[data-menu]")?.focus();
  }, [revision]);

  useEffect(() => {
    const root = board.current;
    let drag = null;
    let dropped = 0;
    const over = (event) => column(document.elementFromPoint(event.clientX, event.clientY));
    const mark = (target) => {
      for (const one of root.querySelectorAll("[data-over]")) if (one !== target) delete one.dataset.over;
      if (target && target !== drag.from) target.dataset.over = "";
    };
    const end = () => {
      if (!drag) return;
      drag.ghost?.remove();
      mark(null);
      delete document.documentElement.dataset.dragging;
      drag = null;
    };
    const begin = (event) => {
      drag.ghost = drag.card.cloneNode(true);
      const at = drag.card.getBoundingClientRect();
      drag.dx = event.clientX - at.left;
      drag.dy = event.clientY - at.top;
      drag.ghost.classList.add("board-ghost");
      drag.ghost.removeAttribute("data-deal");
      drag.ghost.setAttribute("aria-hidden", "true");
      drag.ghost.style.width = `${at.width}px`;
      document.body.append(drag.ghost);
      document.documentElement.dataset.dragging = "";
    };
    const down = (event) => {
      const hit = card(event.target);
      if (!live.current.movable || event.button !== 0 || event.pointerType !== "mouse" || !hit || event.target.closest("button")) return;
      drag = { card: hit, from: column(hit), x: event.clientX, y: event.clientY };
    };
    const moved = (event) => {
      if (!drag) return;
      if (!drag.ghost) {
        if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
        begin(event);
      }
      event.preventDefault();
      drag.ghost.style.transform = `translate(${event.clientX - drag.dx}px, ${event.clientY - drag.dy}px)`;
      const at = root.getBoundingClientRect();
      if (event.clientX > at.right - EDGE) root.scrollLeft += 16;
      if (event.clientX < at.left + EDGE) root.scrollLeft -= 16;
      mark(over(event));
    };
    const up = (event) => {
      if (!drag?.ghost) { drag = null; return; }
      const target = over(event);
      dropped = event.timeStamp;
      if (target && root.contains(target) && target !== drag.from) {
        drag.card.dataset.moving = "";
        live.current.onMove(drag.card.dataset.deal, target.dataset.stage);
      }
      end();
    };
    const key = (event) => { if (event.key === "Escape" && drag?.ghost) { event.stopPropagation(); end(); } };
    // A drop on a link is no click on it, and links are not dragged by themselves.
    const click = (event) => { if (dropped && event.timeStamp - dropped < 80) { event.preventDefault(); event.stopPropagation(); } };
    const plain = (event) => { if (card(event.target)) event.preventDefault(); };

    const menu = root.parentElement.querySelector("[popover]");
    let opener = null;
    const opens = (event) => {
      const hit = event.target.closest?.("[data-menu]");
      if (!hit) return;
      opener = hit;
      for (const one of menu.querySelectorAll("[data-to]")) one.disabled = one.dataset.to === column(hit).dataset.stage;
      menu.showPopover();
      beside(menu, hit);
      menu.querySelector("[data-to]:enabled")?.focus();
    };
    const chosen = (event) => {
      const hit = event.target.closest?.("[data-to]");
      if (!hit || !opener) return;
      const deal = card(opener);
      refocus.current = { deal: deal.dataset.deal, from: column(deal).dataset.stage };
      deal.dataset.moving = "";
      menu.hidePopover();
      live.current.onMove(deal.dataset.deal, hit.dataset.to);
    };
    const arrows = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = [...menu.querySelectorAll("[data-to]:enabled")];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    };
    const closed = (event) => { if (event.newState === "closed" && opener?.isConnected) opener.focus(); };

    const heard = [
      [root, "pointerdown", down], [window, "pointermove", moved], [window, "pointerup", up], [window, "pointercancel", end],
      [window, "keydown", key, true], [root, "click", click, true], [root, "dragstart", plain], [root, "click", opens],
      [menu, "click", chosen], [menu, "keydown", arrows], [menu, "toggle", closed],
    ];
    for (const [el, name, act, capture] of heard) el?.addEventListener(name, act, capture);
    return () => { end(); for (const [el, name, act, capture] of heard) el?.removeEventListener(name, act, capture); };
  }, []);

  return <div ref={board} className="board" role="group" aria-label="Deals by stage" tabIndex={0}>{children}</div>;
}
