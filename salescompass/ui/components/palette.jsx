// The command palette: pages and actions by name, in a native dialog; loaded when it is first opened.
import { useEffect, useRef } from "react";
import { Command } from "cmdk";

export default function Palette({ commands, onRun, onClose }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
    dialog.current.querySelector("input").focus();
    return () => dialog.current?.close();
  }, []);
  const groups = [...new Set(commands.map((c) => c.group))];
  return (
    <dialog ref={dialog} className="palette" aria-label="Search and commands" onClose={onClose}>
      <Command label="Search and commands" loop>
        <Command.Input placeholder="Search pages and actions" autoFocus />
        <Command.List>
          <Command.Empty>Nothing has this name. Try another word, or Esc to close.</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={group}>
              {commands.filter((c) => c.group === group).map((c) => (
                <Command.Item key={c.label} value={c.label} keywords={c.also} onSelect={() => onRun(c)}>
                  <svg className="icon" width="16" height="16" aria-hidden="true"><use href={`/icons.svg#${c.icon}`} /></svg>
                  {c.label}
                  {c.keys && <span className="keys">{c.keys.split(" ").map((k) => <kbd key={k}>{k}</kbd>)}</span>}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}
