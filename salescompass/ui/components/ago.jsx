// A moment as people say it ("4 min ago"), kept fresh; the exact time in the reader's zone on hover and focus.
import { useEffect, useState } from "react";

const STEPS = [[60, "min"], [60, "h"], [24, "day"], [30, "month"], [12, "year"]];

function words(seconds) {
  let n = Math.abs(seconds) / 60, unit = "min", i = 0;
  if (n < 1) return "just now";
  while (i < 4 && n >= STEPS[i + 1][0]) { n /= STEPS[i + 1][0]; i += 1; unit = STEPS[i][1]; }
  n = Math.floor(n);
  const text = `${n} ${unit}${n > 1 && i > 1 ? "s" : ""}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

export function Ago({ at, zone, never = "never" }) {
  const [now, setNow] = useState(0);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <span className="muted">{never}</span>;
  const date = new Date(at);
  const options = { dateStyle: "long", timeStyle: "medium" };
  let exact;
  try { exact = date.toLocaleString("en-GB", { ...options, timeZone: zone || undefined }); } catch { exact = date.toLocaleString("en-GB", options); }
  return <time dateTime={at} data-tip={exact} tabIndex={0}>{now ? words((now - date) / 1000) : exact}</time>;
}
