// A value that is changed where it stands: a click, Enter or F2 opens its editor, Esc leaves everything as it was.
// The editor stays as it was when it was opened, whatever is read meanwhile, so that nothing moves under the hand.
import { useEffect, useRef, useState } from "react";

const FIELDS = ".input, .select, .area";

export function InPlace({ form, label, beside = false, word = "", children }) {
  const [shown, editor] = children;
  const [open, setOpen] = useState(null);
  const box = useRef(null);
  const opener = useRef(null);
  const was = useRef(false);

  useEffect(() => {
    if (!open) {
      if (was.current) opener.current?.focus({ preventScroll: true });
      was.current = false;
      return;
    }
    was.current = true;
    const field = box.current.querySelector(FIELDS);
    field?.focus();
    if (field?.matches(".input")) field.select();
    const answered = (event) => event.detail.form === form && event.detail.ok && setOpen(null);
    window.addEventListener("sc:answer", answered);
    return () => window.removeEventListener("sc:answer", answered);
  }, [open, form]);

  const keys = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setOpen(null);
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  };
  const away = (event) => event.target.closest?.("[data-act=leave]") && setOpen(null);
  const start = () => setOpen(editor);
  const byKey = (event) => event.key === "F2" && start();
  const pencil = <svg className="icon" width="14" height="14" viewBox="0 0 24 24" aria-hidden="true"><use href="/icons.svg#pencil" /></svg>;

  if (open) return <div ref={box} className="in-place" onKeyDown={keys} onClick={away}>{open}</div>;
  if (beside) {
    return (
      <div className="in-place beside">
        {shown}
        <button ref={opener} type="button" className={word ? "link small" : "icon-button"} aria-label={label} onClick={start} onKeyDown={byKey}>{word || pencil}</button>
      </div>
    );
  }
  return (
    <div className="in-place">
      <button ref={opener} type="button" className="in-place-value" aria-label={label} onClick={start} onKeyDown={byKey}>{shown}{pencil}</button>
    </div>
  );
}
