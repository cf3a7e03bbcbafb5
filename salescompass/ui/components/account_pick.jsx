// One or several accounts, found by the beginning of their names: a field with a list below it that keys walk.
import { useEffect, useId, useRef, useState } from "react";

const PAUSE = 150;

export function AccountPick({ label, value, several, found, names, onFind, onLearn, change }) {
  const [typed, setTyped] = useState(null);
  const [at, setAt] = useState(0);
  const list = useId();
  const chosen = several ? value : value ? [value] : [];
  const text = (typed ?? "").trim();
  const [asked, setAsked] = useState("");
  const ticket = useRef(Date.now() % 1e9);
  const fresh = asked === text && found?.ticket === ticket.current;
  const items = text && fresh ? found.items.filter((one) => !chosen.includes(one.name)) : [];
  const place = Math.min(at, items.length - 1);
  const called = (id) => names[id] ?? "An account that you do not see";

  useEffect(() => {
    setAt(0);
    if (!text) return;
    const soon = setTimeout(() => {
      ticket.current = (ticket.current + 1) % 1e9;
      setAsked(text);
      onFind(ticket.current, text);
    }, PAUSE);
    return () => clearTimeout(soon);
  }, [text]);

  const choose = (one) => {
    onLearn(one);
    change(several ? [...value, one.name] : one.name);
    setTyped(several ? "" : null);
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) setAt((place + step + items.length) % items.length);
    else if (event.key === "Enter" && items[place]) choose(items[place]);
    else if (event.key === "Escape" && typed !== null) setTyped(null);
    else if (event.key !== "Enter" || !text) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="account-pick">
      {several && value.length > 0 && (
        <ul className="tags" aria-label={`${label}: chosen`}>
          {value.map((id) => (
            <li className="chip tag" key={id}>
              <span className="cut">{called(id)}</span>
              <button type="button" aria-label={`Take ${called(id)} out`} onClick={() => change(value.filter((one) => one !== id))}><svg className="icon" width="13" height="13" viewBox="0 0 24 24" aria-hidden="true"><use href="/icons.svg#x" /></svg></button>
            </li>
          ))}
        </ul>
      )}
      <input
        className="input" type="text" role="combobox" autoComplete="off" maxLength={80} aria-label={label} placeholder="The beginning of a name"
        aria-expanded={items.length > 0} aria-controls={list} aria-autocomplete="list" aria-activedescendant={items[place] ? `${list}-${place}` : undefined}
        value={typed ?? (several || !value ? "" : called(value))}
        onChange={(event) => setTyped(event.target.value)} onKeyDown={keys} onBlur={() => setTyped(null)}
      />
      <ul className="account-found" id={list} role="listbox" aria-label="Accounts found" hidden={!items.length}>
        {items.map((one, n) => (
          <li key={one.name} id={`${list}-${n}`} role="option" aria-selected={n === place} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(one)}>
            <span className="cut">{one.label}</span>{one.detail && <span className="meta cut">{one.detail}</span>}
          </li>
        ))}
      </ul>
      {text && !items.length && <p className="meta" role="status">{fresh ? "No account is called so." : "Searching ..."}</p>}
    </div>
  );
}
