// One value of a record's field, in the control that fits what the field holds; and a choice of the field itself.
import { forwardRef, useState } from "react";
import { FieldError } from "./form.jsx";

const TYPES = { email: "email", phone: "tel", url: "url", date: "date" };

export const ValueInput = forwardRef(function ValueInput({ field, value = "", ...props }, ref) {
  if (field.options.length || field.kind === "choice")
    return (
      <select ref={ref} className="select" defaultValue={value} {...props}>
        <option value="">{field.required ? "Choose" : "Nothing"}</option>
        {field.options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </select>
    );
  const decimal = field.kind === "money" || field.kind === "number";
  return <input ref={ref} className="input" type={TYPES[field.kind] ?? "text"} inputMode={decimal ? "decimal" : undefined} autoComplete="off" maxLength={500} defaultValue={value} {...props} />;
});

export function FieldChoice({ form, fields = [] }) {
  const [key, setKey] = useState("");
  const field = fields.find((one) => one.key === key) ?? fields[0];
  if (!field) return null;
  return (
    <>
      <div className="field">
        <label htmlFor={`${form}-field`}>Field</label>
        <select id={`${form}-field`} name="field" className="select" value={field.key} onChange={(event) => setKey(event.target.value)}>
          {fields.map((one) => <option key={one.key} value={one.key}>{one.label}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${form}-value`}>New value</label>
        <ValueInput key={field.key} field={field} id={`${form}-value`} name="value" aria-describedby={`${form}-value-error`} />
        <FieldError field="value" />
      </div>
    </>
  );
}
