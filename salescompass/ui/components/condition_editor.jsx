// Conditions as rows of field, operator and value, in groups; counted while they are built, applied into the address.
import { useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { QueryBuilder } from "react-querybuilder";
import { AccountPick } from "./account_pick.jsx";

const LONGEST = 1500;
const LONGEST_FIELD = 8000;
const PAUSE = 300;
const WINDOWS = [["7", "in the last 7 days"], ["30", "in the last 30 days"], ["90", "in the last 90 days"], ["365", "in the last 365 days"], ["", "ever"]];
const WHO = [["human", "by people"], ["machine", "by machines"], ["any", "by anybody"]];
const NUMBERS = ["number", "age", "money"];
const COMBINATORS = [{ name: "and", label: "All of these" }, { name: "or", label: "Any of these" }];

const operatorOf = (field, name) => field?.operators?.find((one) => one.name === name);
const flat = (fields) => new Map(fields.map((one) => [one.name, one]));
const isGroup = (value) => !!value && Array.isArray(value.rules);

// The fields as react-querybuilder wants them. Accounts are too many to be offered: they are searched for.
function prepared(fields, { operators, choices }) {
  return fields.map(({ values, ...field }) => {
    if (field.subproperties) return { ...field, inner: prepared(field.subproperties, { operators, choices }) };
    const options = values || choices[field.kind === "tags" ? "tag" : field.kind === "events" ? "events" : field.refersTo] || [];
    const all = operators[field.kind];
    return { ...field, options, operators: all, searched: field.kind === "reference" && field.refersTo === "account" };
  });
}

function grouped(fields) {
  const groups = new Map();
  for (const { inner, ...field } of fields) {
    const one = inner ? { ...field, subproperties: grouped(inner) } : field;
    groups.set(field.group, [...(groups.get(field.group) || []), one]);
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}

const blank = (takes, kind) =>
  takes === "list" ? (kind === "text" ? "" : [])
  : takes === "pair" ? ["", ""]
  : takes === "count" ? { count: 1, types: [], who: "human", days: 30 }
  : kind === "boolean" ? true : "";

// A value in the shape that an operator takes: changing "is" to "is one of" keeps what was chosen.
function fit(value, takes, kind) {
  if (takes === "count") return value && typeof value === "object" && !Array.isArray(value) ? value : blank(takes, kind);
  if (takes === "pair") return Array.isArray(value) && value.length === 2 ? value : blank(takes, kind);
  if (takes === "list" && kind !== "text") return Array.isArray(value) ? value : value === "" || value == null || typeof value !== "string" ? [] : [value];
  if (Array.isArray(value)) return value[0] ?? "";
  return value == null || typeof value === "object" ? blank(takes, kind) : value;
}

function number(value, factor = 1) {
  const found = String(value).trim() === "" ? NaN : Number(value) * factor;
  return Number.isFinite(found) ? (factor === 1 ? found : Math.round(found)) : undefined;
}

function one(value, field) {
  if (field.kind === "boolean") return value === true || value === "true";
  if (NUMBERS.includes(field.kind)) return number(value, field.kind === "money" ? 100 : 1);
  return String(value).trim() || undefined;
}

// From the editor to the tree; what is not filled in yet gives undefined.
function valueOf(raw, takes, field) {
  const value = fit(raw, takes, field.kind);
  if (takes === "nothing") return null;
  if (takes === "count") return number(value.count) === undefined ? undefined : { ...value, count: number(value.count) };
  if (takes === "days") return number(value);
  if (takes === "pair") {
    const both = value.map((each) => one(each, field));
    return both.includes(undefined) ? undefined : both;
  }
  if (takes === "list") {
    const all = (field.kind === "text" ? String(value).split(",") : value).map((each) => one(each, field)).filter((each) => each !== undefined);
    return all.length ? all : undefined;
  }
  return one(value, field);
}

function written(group, fields, missing) {
  const rules = group.rules.map((rule) => {
    if (rule.rules) {
      const inner = written(rule, fields, missing);
      return inner.rules.length ? inner : undefined;
    }
    const field = fields.get(rule.field);
    if (field?.inner) {
      const match = rule.match || { mode: "some" };
      return { field: rule.field, operator: "=", match, value: isGroup(rule.value) ? written(rule.value, flat(field.inner), missing) : { rules: [] } };
    }
    const takes = operatorOf(field, rule.operator)?.takes;
    const value = takes && valueOf(rule.value, takes, field);
    if (value === undefined) missing.count += 1;
    return value === undefined ? undefined : { field: rule.field, operator: rule.operator, ...(value !== null && { value }) };
  });
  return { ...(group.combinator === "or" && { combinator: "or" }), ...(group.not && { not: true }), rules: rules.filter(Boolean) };
}

// From the tree to the editor.
function shown(value, field) {
  const each = (raw) => (field.kind === "money" && typeof raw === "number" ? raw / 100 : raw);
  if (Array.isArray(value)) return field.kind === "text" ? value.join(", ") : value.map(each);
  return each(value ?? "");
}

function opened(group, fields) {
  return {
    combinator: group.combinator === "or" ? "or" : "and",
    not: !!group.not,
    rules: group.rules.map((rule) => {
      if (isGroup(rule)) return opened(rule, fields);
      const field = fields.get(rule.field);
      if (field?.inner) return { ...rule, value: isGroup(rule.value) ? opened(rule.value, flat(field.inner)) : { combinator: "and", rules: [] } };
      return { ...rule, value: field ? shown(rule.value, field) : rule.value };
    }),
  };
}

function begun(text, fields, first) {
  try {
    const tree = JSON.parse(text);
    if (isGroup(tree) && tree.rules.length) return opened(tree, fields);
  } catch { /* an address changed by hand begins anew */ }
  return first ? { combinator: "and", rules: [{ field: first.name, operator: first.operators[0].name, value: "" }] } : { combinator: "and", rules: [] };
}

const Icon = ({ name }) => <svg className="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
const Choices = ({ options }) => options.map(({ name, label }) => <option key={name} value={name}>{label}</option>);

function Events({ value, options, change }) {
  const several = value.types.length > 1;
  const days = value.days == null ? "" : String(value.days);
  const windows = WINDOWS.some(([known]) => known === days) ? WINDOWS : [[days, `in the last ${days} days`], ...WINDOWS];
  return (
    <div className="condition-events">
      <input className="input" type="number" min="0" aria-label="How many" value={value.count} onChange={(event) => change({ ...value, count: event.target.value })} />
      <select className="select" aria-label="Which events" value={several ? "several" : value.types[0] || ""} onChange={(event) => change({ ...value, types: event.target.value ? [event.target.value] : [] })}>
        <option value="">Any event</option>
        {several && <option value="several">{value.types.length} types</option>}
        <Choices options={options} />
      </select>
      <select className="select" aria-label="By whom" value={value.who} onChange={(event) => change({ ...value, who: event.target.value })}>
        {WHO.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
      </select>
      <select className="select" aria-label="In which time" value={days} onChange={(event) => change({ ...value, days: event.target.value ? Number(event.target.value) : null })}>
        {windows.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
      </select>
    </div>
  );
}

function Value({ fieldData, operator, value: raw, handleOnChange: change, context }) {
  const { kind, options = [], label = "Value" } = fieldData;
  if (!kind) return <input className="input" type="number" min="0" aria-label="How many" value={raw} onChange={(event) => change(event.target.value)} />;
  const takes = operatorOf(fieldData, operator)?.takes;
  if (!takes || takes === "nothing") return null;
  const value = fit(raw, takes, kind);
  if (takes === "count") return <Events value={value} options={options} change={change} />;
  const type = takes === "days" || NUMBERS.includes(kind) ? "number" : fieldData.inputType || "text";
  const input = (text, changed, name) => <input className="input" type={type} step={type === "number" ? "any" : undefined} maxLength={200} autoComplete="off" aria-label={name} value={text} onChange={(event) => changed(event.target.value)} />;
  if (takes === "pair") {
    return (
      <div className="condition-pair">
        {input(value[0], (first) => change([first, value[1]]), `${label}: from`)}
        <span>to</span>
        {input(value[1], (last) => change([value[0], last]), `${label}: to`)}
      </div>
    );
  }
  if (fieldData.searched && context.onFind) return <AccountPick label={label} value={value} several={takes === "list"} change={change} {...context} />;
  if (takes === "list" && kind !== "text") {
    const toggled = (name) => change(value.includes(name) ? value.filter((each) => each !== name) : [...value, name]);
    return (
      <div className="condition-checks" role="group" aria-label={label}>
        {options.length === 0 && <span className="muted">There is nothing to choose yet.</span>}
        {options.map(({ name, label: words }) => (
          <label className="choice" key={name}><input type="checkbox" checked={value.includes(name)} onChange={() => toggled(name)} /><span>{words}</span></label>
        ))}
      </div>
    );
  }
  if (kind === "boolean") {
    return <select className="select" aria-label={label} value={String(value)} onChange={(event) => change(event.target.value === "true")}><option value="true">yes</option><option value="false">no</option></select>;
  }
  if (kind !== "text" && options.length) {
    return <select className="select" aria-label={label} value={value} onChange={(event) => change(event.target.value)}><option value="">Choose</option><Choices options={options} /></select>;
  }
  if (takes === "days") return <div className="condition-pair">{input(value, change, `${label}: days`)}<span>days</span></div>;
  return input(value, change, takes === "list" ? `${label}, several with commas` : label);
}

const Not = ({ checked, handleOnChange }) => (
  <label className="choice"><input type="checkbox" checked={!!checked} onChange={(event) => handleOnChange(event.target.checked)} /><span>Not</span></label>
);

// The library names its selects by a tooltip alone.
const Select = ({ options, value, handleOnChange, title, className }) => (
  <select className={className} aria-label={title} value={value} onChange={(event) => handleOnChange(event.target.value)}>
    {options.map((one) => one.options ? <optgroup key={one.label} label={one.label}><Choices options={one.options} /></optgroup> : <option key={one.name} value={one.name}>{one.label}</option>)}
  </select>
);

const CONTROLS = { valueEditor: Value, valueSelector: Select, notToggle: Not };
const CLASSES = {
  queryBuilder: "conditions", ruleGroup: "condition-group", header: "condition-head", body: "condition-body", rule: "condition-row",
  fields: "select", operators: "select", combinators: "select", matchMode: "select",
  addRule: "button outline", addGroup: "button ghost", removeRule: "icon-button", removeGroup: "icon-button",
};
const WORDS = {
  addRule: { label: <><Icon name="plus" />Condition</>, title: "Add a condition" },
  addGroup: { label: <><Icon name="plus" />Group</>, title: "Add a group" },
  removeRule: { label: <Icon name="x" />, title: "Remove this condition" },
  removeGroup: { label: <Icon name="x" />, title: "Remove this group" },
  combinators: { title: "How these are joined" },
  matchMode: { title: "How many of them" },
};

const SUBQUERY = { combinators: COMBINATORS, showNotToggle: true };

const Waiting = () => <div className="skeleton" aria-hidden="true"><div className="line"><i style={{ width: "70%" }} /></div></div>;

export function ConditionEditor({ offered, ...props }) {
  return offered?.fields ? <Editor offered={offered} {...props} /> : <Waiting />;
}

export function ConditionField({ offered, ...props }) {
  return offered?.fields ? <InForm offered={offered} {...props} /> : null;
}

// The conditions that are being built, their tree as text, and the rows that build them; the server counts them.
function useConditions(offered, begin, longest, { named, found, onMeasure, onFind }) {
  const fields = useMemo(() => prepared(offered.fields, offered), [offered]);
  const options = useMemo(() => grouped(fields), [fields]);
  const known = useMemo(() => flat(fields), [fields]);
  const [query, setQuery] = useState(() => begin(known, fields[0]));
  const [learnt, setLearnt] = useState({});
  const learn = ({ name, label }) => setLearnt((all) => ({ ...all, [name]: label }));
  const picking = { found, names: { ...named, ...learnt }, onFind, onLearn: learn };
  const missing = { count: 0 };
  const tree = written(query, known, missing);
  const text = JSON.stringify(tree);
  const long = text.length > longest;

  useEffect(() => {
    if (long) return;
    const soon = setTimeout(() => onMeasure(text), PAUSE);
    return () => clearTimeout(soon);
  }, [text]);

  const rows = (
    <QueryBuilder
      fields={options}
      query={query}
      context={picking}
      onQueryChange={setQuery}
      combinators={COMBINATORS}
      controlElements={CONTROLS}
      controlClassnames={CLASSES}
      translations={WORDS}
      getSubQueryBuilderProps={() => SUBQUERY}
      getDefaultValue={(rule, { fieldData }) => blank(operatorOf(fieldData, rule.operator)?.takes, fieldData?.kind)}
      showNotToggle
      addRuleToNewGroups
      suppressStandardClassnames
    />
  );
  return { tree, text, long, missing: missing.count, rows, clear: () => setQuery({ combinator: "and", rules: [] }) };
}

function Count({ counted, text, tooLong, noun, missing }) {
  const words = tooLong || (counted?.tree === text ? counted.words : "Counting…");
  return (
    <p role="status" className="condition-count"><span className="num">{words}</span>{counted?.tree === text && !tooLong && counted.counts ? ` ${noun}` : ""}{missing > 0 && <span className="meta">What is not filled in yet is left out.</span>}</p>
  );
}

function Editor({ offered, counted, noun, ...asking }) {
  const here = useLocation();
  const navigate = useNavigate();
  const begin = (known, first) => begun(new URLSearchParams(here.search).get("where"), known, first);
  const { tree, text, long, missing, rows, clear } = useConditions(offered, begin, LONGEST, asking);

  const apply = (event) => {
    event.preventDefault();
    if (long) return;
    const wanted = new URLSearchParams(here.search);
    wanted.delete("panel");
    if (tree.rules.length) wanted.set("where", text); else wanted.delete("where");
    // A view without anything in it is the whole list.
    if ([...wanted.keys()].join() === "view") wanted.delete("view");
    navigate({ pathname: here.pathname, search: wanted.toString() });
  };
  const tooLong = long && "This filter is too long for an address: take some of it away.";
  return (
    <form className="condition-editor" onSubmit={apply} noValidate>
      {rows}
      <div className="condition-foot">
        <Count counted={counted} text={text} tooLong={tooLong} noun={noun} missing={missing} />
        <button type="button" className="button ghost" onClick={clear}>Remove all</button>
        <button type="submit" className="button solid" disabled={long}>Apply</button>
      </div>
    </form>
  );
}

function InForm({ offered, counted, noun, name, value, legend, ...asking }) {
  const { text, long, missing, rows } = useConditions(offered, (known, first) => begun(value, known, value ? undefined : first), LONGEST_FIELD, asking);
  const tooLong = long && "These are too many conditions: take some of them away.";
  return (
    <fieldset className="field condition-field">
      <legend>{legend}</legend>
      <input type="hidden" name={name} value={text} readOnly />
      {rows}
      <Count counted={counted} text={text} tooLong={tooLong} noun={noun} missing={missing} />
    </fieldset>
  );
}
