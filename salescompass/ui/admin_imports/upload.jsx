// Sends a file as it is over HTTP, with how far it has come; then goes to the page that maps its columns.
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

const MB = 1048576;
const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`);

function send(file, kind, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/files/imports?kind=${kind}&name=${encodeURIComponent(file.name.slice(-300))}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(Math.round((100 * event.loaded) / event.total));
    request.onload = () => resolve({ status: request.status, body: request.response ?? {} });
    request.onerror = () => resolve({ status: 0, body: {} });
    request.send(file);
  });
}

export function Upload({ kinds = [], allowed = [], largest = 0 }) {
  const navigate = useNavigate();
  const input = useRef(null);
  const offered = kinds.filter((one) => !one.needs || allowed.includes(one.needs));
  const [kind, setKind] = useState(kinds[0]?.key ?? "");
  const [file, setFile] = useState(null);
  const [problem, setProblem] = useState("");
  const [share, setShare] = useState(null);
  const [over, setOver] = useState(false);

  function choose(found) {
    setProblem("");
    setFile(found ?? null);
  }

  async function submit(event) {
    event.preventDefault();
    if (share !== null) return;
    if (!file) {
      setProblem("Choose a file first.");
      return input.current?.focus();
    }
    if (file.size > largest) return setProblem(`The file has ${size(file.size)}; a page takes up to ${size(largest)}. Larger ones are imported on the server with ./compass import.`);
    setProblem("");
    setShare(0);
    const { status, body } = await send(file, kind, setShare);
    if (status === 201) return navigate(body.next);
    setShare(null);
    if (status === 401) return window.location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    setProblem(body.detail ?? (status ? "This did not work. Try again in a moment." : "The server cannot be reached, or it refused the file before all of it came. Nothing was imported; try again."));
  }

  const dropped = (event) => { event.preventDefault(); setOver(false); choose(event.dataTransfer.files[0]); };
  const about = offered.find((one) => one.key === kind)?.about;
  return (
    <form id="form-upload" method="dialog" className="form upload" noValidate onSubmit={submit} aria-busy={share !== null}>
      {problem && <div className="form-summary" role="alert" id="upload-problem"><p>{problem}</p></div>}
      <div className="field">
        <label htmlFor="upload-kind">What the rows are</label>
        <select id="upload-kind" className="select" value={kind} onChange={(event) => setKind(event.target.value)} aria-describedby="upload-kind-help">
          {offered.map((one) => <option key={one.key} value={one.key}>{one.label}</option>)}
        </select>
        <p className="help" id="upload-kind-help">{about}</p>
      </div>
      <div className={over ? "field drop over" : "field drop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={dropped}>
        <label htmlFor="upload-file">File</label>
        <input ref={input} id="upload-file" type="file" className="input" accept=".csv,.tsv,.txt,.xlsx,text/csv" aria-invalid={!!problem && !file}
          aria-describedby="upload-file-help" onChange={(event) => choose(event.target.files[0])} />
        <p className="help" id="upload-file-help">{file ? `${file.name}, ${size(file.size)}` : "CSV or XLSX with one row of headings. Nothing is imported before you have seen what would happen."}</p>
      </div>
      {share !== null && <div className="sending" role="status"><progress max="100" value={share} aria-label="Uploading" /><span className="meta">{share < 100 ? `${share} % sent` : "Being looked at"}</span></div>}
      <div className="form-actions"><button type="submit" className="button solid" disabled={share !== null}>Upload and continue</button></div>
    </form>
  );
}
