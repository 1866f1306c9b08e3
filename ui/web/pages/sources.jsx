// Sources: a form made of what each kind wants to know, and what ingest has in hand now.
const DATASET_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/
const PHASES = {reading: "Reading", typing: "Finding the types", profiling: "Counting the columns", storing: "Storing"}
const SILENT = 5000  // Milliseconds without a sign after which the row says so.

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let step = 0
  while (bytes >= 1000 && step < units.length - 1) { bytes /= 1000; step += 1 }
  return `${step === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[step]}`
}

// What is in hand, whoever began it; nothing is shown while that is nothing.
function InHand({world, call, now}) {
  const rows = [...world.ingestions.values()].filter((row) => !row.over).sort((a, b) => b.seconds - a.seconds)
  const [, tick] = React.useState(0)
  React.useEffect(() => {
    if (!rows.length) { return undefined }
    const timer = setInterval(() => tick((count) => count + 1), 1000)
    return () => clearInterval(timer)
  }, [rows.length > 0])
  if (!rows.length) { return null }
  return (
    <Card title="In hand" hint="read now, whoever began it">
      <ul className="inhand" aria-label="In hand">{rows.map((row) => <Ingestion key={row.id} row={row} call={call} silent={now() - row.at} />)}</ul>
    </Card>
  )
}

function Ingestion({row, call, silent}) {
  const [run, busy, refusal] = useAction(call)
  const known = row.phase === "reading" && row.total > 0
  const share = known ? Math.min(100, (100 * row.bytes) / row.total) : null
  const facts = [
    row.total ? `${size(row.bytes)} of ${size(row.total)}` : size(row.bytes), row.rows != null && plural(row.rows, "row"),
    row.phase === "reading" && row.rate && `${size(row.rate)}/s`,
    row.left != null ? `${duration(row.left)} left` : `for ${duration(row.seconds)}`,
  ]
  return (
    <li>
      <div className="line">
        <b>{row.name}</b><span className="phase" role="status">{PHASES[row.phase]}</span>
        <span className="facts">{facts.filter(Boolean).join(" · ")}</span>
        <GrantedButton needs="send:CancelIngestion" size="small" disabled={busy} aria-label={`Cancel ${row.name}`} onClick={() => run("stop", {ingestion: row.id})}>
          {busy ? "Cancelling" : "Cancel"}
        </GrantedButton>
      </div>
      <LinearProgress aria-label={`Progress of ${row.name}`} variant={known ? "determinate" : "indeterminate"} value={share ?? undefined} />
      {silent > SILENT && <p className="quiet">No sign for {duration(silent / 1000)}; if ingest was stopped, it goes on once it is back.</p>}
      <Refusal refusal={refusal} />
    </li>
  )
}

// The kinds are asked for when the form opens, since a connector may have been installed meanwhile.
function useSources(call) {
  const [known, setKnown] = React.useState(null)
  const [run, , refusal] = useAction(call)
  React.useEffect(() => { run("sources", {}).then((told) => told && setKnown(told)) }, [])
  return [known, refusal]
}

function AddSource({call, onDone}) {
  const [known, unknown] = useSources(call)
  const [chosen, setChosen] = React.useState("")
  if (unknown) { return <Card title="Add a source"><Refusal refusal={unknown} /><Button onClick={onDone}>Close</Button></Card> }
  if (!known) { return <Skeleton rows={4} /> }
  const kind = known.kinds.find((row) => row.kind === chosen)
  if (!known.kinds.length) {
    return (
      <Card title="Add a source">
        <p className="quiet">No connector is installed where ingest runs, so there is no kind of source to read.</p><Button onClick={onDone}>Close</Button>
      </Card>
    )
  }
  const kinds = [{value: "", text: "Choose a kind"}, ...known.kinds.map((row) => ({value: row.kind, text: row.kind}))]
  return (
    <Card title="Add a source" hint="read where it is; nothing is uploaded">
      <div className="form">
        <div className="fields">
          <Field label="Kind" value={chosen} onChange={setChosen} options={kinds} helperText={kind ? kind.summary : "What a connector is installed for"} />
        </div>
        {kind ? <SourceForm key={kind.kind} kind={kind} credentials={known.credentials} call={call} onDone={onDone} />
          : <div className="row"><Button onClick={onDone}>Close</Button></div>}
      </div>
    </Card>
  )
}

function SourceForm({kind, credentials, call, onDone}) {
  const [wish, setWish] = React.useState({name: "", credentials: "", options: {}})
  const [seen, setSeen] = React.useState({})
  const [run, busy, refusal] = useAction(call)
  const given = Object.fromEntries(Object.entries(wish.options).filter(([, value]) => value !== ""))
  const lacks = kind.options.filter((option) => option.required && !given[option.name])
  const misnamed = wish.name !== "" && !DATASET_NAME.test(wish.name)
  const say = (name) => (value) => setWish((kept) => ({...kept, options: {...kept.options, [name]: value}}))
  const look = (name) => () => setSeen((kept) => ({...kept, [name]: true}))
  const submit = async (event) => {
    event.preventDefault()
    const read = await run("read", {name: wish.name, kind: kind.kind, options: given, credentials: wish.credentials || null})
    if (read) { onDone(); go("data", read.name) }
  }
  return (
    <form onSubmit={submit} className="form">
      <div className="fields">
        {kind.options.map((option) => {
          const lacking = option.required && seen[option.name] && !given[option.name]
          return <Field key={option.name} label={option.name} value={wish.options[option.name] ?? ""} onChange={say(option.name)} onBlur={look(option.name)}
            placeholder={option.example ?? ""} required={option.required} error={!!lacking}
            helperText={lacking ? `Needed. ${option.meaning}` : option.meaning} />
        })}
        {kind.secrets.length > 0 && <CredentialsField kind={kind} credentials={credentials} value={wish.credentials}
          onChange={(value) => setWish((kept) => ({...kept, credentials: value}))} />}
        <Field label="Dataset name" value={wish.name} onChange={(value) => setWish((kept) => ({...kept, name: value}))} required error={misnamed}
          helperText={misnamed ? "Small letters, digits, - and _ only, and a letter or digit first." : "A known name gets a new version."} />
      </div>
      <div className="row">
        <Button type="submit" variant="contained" disabled={busy || misnamed || !wish.name || lacks.length > 0}>Read</Button>
        <Button onClick={onDone}>Close</Button>
        {lacks.length > 0 && <span className="quiet">Still needed: {lacks.map((option) => option.name).join(", ")}</span>}
      </div>
      {busy && <p className="quiet" role="status">It is being read, and goes on if you close this.</p>}
      <Refusal refusal={refusal} />
    </form>
  )
}

function CredentialsField({kind, credentials, value, onChange}) {
  const fitting = credentials.filter((row) => row.kind === null || row.kind === kind.kind)
  const options = [{value: "", text: "None"}, ...fitting.map((row) => ({value: row.name, text: row.name}))]
  const help = fitting.length ? "By name: what they hold stays with ingest." : `None are kept. Keep some: trackside credentials set NAME --kind ${kind.kind}`
  return <Field label="Credentials" value={value} onChange={onChange} options={options} helperText={help} />
}

const cameFrom = (row) => (row.source ? `${row.source.kind} · ${row.source.where}` : row.filename)

// Every version with where it came from: the file that was uploaded, or the source that was read.
function Versions({dataset}) {
  return (
    <Card title="Versions" hint="the latest first" flush>
      <table aria-label="Versions">
        <thead><tr><th className="end">Version</th><th>From</th><th className="end">Rows</th><th>Registered</th></tr></thead>
        <tbody>{dataset.versions.map((row) => (
          <tr key={row.number}>
            <td className="end">{row.number}</td><td><From row={row} /></td><td className="end">{number.format(row.rows)}</td><td>{moment(row.at)}</td>
          </tr>
        ))}</tbody>
      </table>
    </Card>
  )
}

function From({row}) {
  const {source} = row
  if (!source) { return <>{row.filename} <span className="quiet">uploaded</span></> }
  const files = source.files != null && `${plural(source.files, "file")}${source.new != null ? `, ${number.format(source.new)} new` : ""}`
  const lineage = Object.entries(source.lineage).map(([name, value]) => `${name} ${value}`)
  return <>{source.where} <span className="quiet">{[source.kind, files, ...lineage].filter(Boolean).join(" · ")}</span></>
}
