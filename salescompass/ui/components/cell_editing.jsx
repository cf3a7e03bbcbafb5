// Values changed where they stand: arrows move from cell to cell, Enter or F2 edits, Enter saves and goes down, Escape
// leaves it. What was refused stays in its field with the reason; what somebody else changed meanwhile is shown beside
// it. On phones a card's pencil opens the same as a sheet.
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { ValueInput } from "../forms/value_input.jsx";

const cellOf = (el) => el?.closest?.("td[data-field]");
const cellsOf = (row) => [...row.querySelectorAll("td[data-field]")];
const place = (cell) => ({ cell, id: cell.closest("tr").dataset.id, key: cell.dataset.field, was: cell.dataset.raw });
const focus = (cell) => { if (cell) { (cell.querySelector("[data-row]") ?? cell).focus(); cell.scrollIntoView({ block: "nearest", inline: "nearest" }); } };

function step(cell, key) {
  const row = cell.closest("tr");
  const index = cellsOf(row).indexOf(cell);
  if (key === "ArrowRight" || key === "ArrowLeft") return cellsOf(row)[index + (key === "ArrowRight" ? 1 : -1)];
  let next = row;
  do next = key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  while (next && !next.dataset.id);
  return next && cellsOf(next)[index];
}

export function CellEditing({ fields = [], onSave }) {
  const [edit, setEdit] = useState(null);
  const [sheet, setSheet] = useState(null);
  const [answer, setAnswer] = useState(null);
  const input = useRef(null);
  const dialog = useRef(null);
  const live = useRef({});
  const known = (key) => fields.find((one) => one.key === key);

  const begin = (cell) => {
    if (!cell || !known(cell.dataset.field)) return;
    setAnswer(null);
    setEdit({ ...place(cell), waiting: false });
  };
  const leave = (to) => { setEdit(null); setSheet(null); setAnswer(null); if (to) focus(to); };
  const save = (was = edit.was) => {
    setAnswer(null);
    setEdit({ ...edit, was, waiting: true });
    onSave(edit.id, edit.key, input.current.value, was);
  };
  live.current = { begin, leave, edit, known };

  useEffect(() => {
    const keydown = (event) => {
      const cell = cellOf(event.target);
      if (!cell || live.current.edit || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.startsWith("Arrow")) {
        const next = step(cell, event.key);
        if (next) { event.preventDefault(); focus(next); }
      } else if (event.key === "F2" || (event.key === "Enter" && event.target === cell)) {
        event.preventDefault();
        live.current.begin(cell);
      }
    };
    const twice = (event) => { if (!event.target.closest("a, button, input")) live.current.begin(cellOf(event.target)); };
    const click = (event) => {
      const button = event.target.closest?.("[data-edit-row]");
      const first = button && cellsOf(button.closest("tr")).find((cell) => live.current.known(cell.dataset.field));
      if (!first) return;
      setSheet(button.closest("tr").dataset.id);
      live.current.begin(first);
    };
    const told = (event) => {
      const { edit: now, leave: done } = live.current;
      if (!now || now.id !== event.detail.id || now.key !== event.detail.field) return;
      if (event.detail.ok) return done(document.contains(now.cell) ? step(now.cell, "ArrowDown") ?? now.cell : null);
      setEdit({ ...now, waiting: false });
      setAnswer(event.detail);
    };
    document.addEventListener("keydown", keydown);
    document.addEventListener("dblclick", twice);
    document.addEventListener("click", click);
    window.addEventListener("sc:cell", told);
    return () => {
      document.removeEventListener("keydown", keydown);
      document.removeEventListener("dblclick", twice);
      document.removeEventListener("click", click);
      window.removeEventListener("sc:cell", told);
    };
  }, []);

  useEffect(() => {
    if (sheet && dialog.current && !dialog.current.open) dialog.current.showModal();
    input.current?.focus();
    input.current?.select?.();
  }, [edit?.id, edit?.key, sheet]);

  if (!edit) return null;
  const field = known(edit.key);
  const choices = sheet ? cellsOf(edit.cell.closest("tr")).map((cell) => cell.dataset.field).filter(known) : [];
  const body = (
    <form
      className="cell-edit" noValidate aria-busy={edit.waiting}
      onSubmit={(event) => { event.preventDefault(); if (!edit.waiting) save(); }}
      onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(edit.cell); } }}
      onBlur={(event) => { if (!sheet && !answer && !edit.waiting && event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) leave(); }}
    >
      {sheet && (
        <label className="field">Field
          <select className="select" value={edit.key} onChange={(event) => begin(cellsOf(edit.cell.closest("tr")).find((cell) => cell.dataset.field === event.target.value))}>
            {choices.map((key) => <option key={key} value={key}>{known(key).label}</option>)}
          </select>
        </label>
      )}
      <ValueInput key={`${edit.id} ${edit.key}`} ref={input} field={field} value={edit.was} aria-label={field.label} aria-invalid={!!answer} aria-describedby={answer ? "cell-answer" : undefined} />
      {answer && (
        <div className="cell-answer" id="cell-answer" role="alert">
          <p>{answer.message}</p>
          {"theirs" in answer && (
            <span className="row">
              <button type="button" className="button outline" onClick={() => leave(edit.cell)}>Keep theirs</button>
              <button type="button" className="button outline" onClick={() => save(answer.theirs)}>Save mine</button>
            </span>
          )}
        </div>
      )}
      {sheet && (
        <div className="form-actions">
          <button type="button" className="button outline" onClick={() => leave()}>Cancel</button>
          <button type="submit" className="button solid">Save</button>
        </div>
      )}
    </form>
  );
  if (!sheet) return createPortal(body, edit.cell);
  return <dialog ref={dialog} className="cell-sheet" aria-label="Edit" onClose={() => leave()}><div className="sheet-head"><h2 tabIndex={-1}>Edit</h2></div><div className="sheet-body">{body}</div></dialog>;
}
