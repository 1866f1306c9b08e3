// Data: the datasets, one of them in detail, and how a file becomes one.
function DataPage({world, call, now, id, racing}) {
  const [adding, setAdding] = React.useState(null)
  const dataset = id && world.datasets.get(id)
  if (dataset) { return <DatasetPage key={id} dataset={dataset} world={world} call={call} racing={racing} /> }
  const datasets = [...world.datasets.values()].sort((a, b) => b.at - a.at)
  const add = <>
    <GrantedButton needs="send:ReadSource" onClick={() => setAdding("source")}>Add a source</GrantedButton>
    <GrantedButton needs="upload" variant="contained" onClick={() => setAdding("file")}>Add file</GrantedButton>
  </>
  return <>
    <Title actions={datasets.length > 0 && !adding && add} facts={datasets.length ? plural(datasets.length, "dataset") : ""}>Data</Title>
    {adding === "file" && <AddFile call={call} onDone={() => setAdding(null)} />}
    {adding === "source" && <AddSource call={call} onDone={() => setAdding(null)} />}
    <InHand world={world} call={call} now={now} />
    {id && <Refusal refusal={{cause: `There is no dataset ${id}.`, cure: "Choose one below, or add a file."}} />}
    {racing && datasets.length > 0 && <div className="warning" role="status"><Icon name="info" size={18} />Choose a dataset to start a race on.</div>}
    {datasets.length > 0 && <DatasetList datasets={datasets} racing={racing} />}
    <Triggers world={world} />
    {datasets.length === 0 && !adding && (
      <Empty icon="storage" title="No datasets yet" text="Add a file (CSV, JSON lines, Excel, Parquet or Arrow), or read a source where it is. Every column is counted before anything is trained.">
        {add}
      </Empty>
    )}
  </>
}

function DatasetList({datasets, racing}) {
  return (
    <Card flush>
      <table aria-label="Datasets">
        <thead><tr><th>Name</th><th className="end">Rows</th><th className="end">Columns</th><th className="end">Missing</th>
          <th className="end">Version</th><th>From</th><th>Registered</th></tr></thead>
        <tbody>{datasets.map((row) => (
          <OpenRow key={row.name} label={row.name} onOpen={() => go("data", row.name, racing)}>
            <td className="name">{row.name}</td><td className="end">{number.format(row.rows)}</td>
            <td className="end">{row.columns.length}</td><td className="end">{percent(row.missing)}</td>
            <td className="end">{row.number}</td><td className="from" title={cameFrom(row.versions[0])}>{cameFrom(row.versions[0])}</td><td>{moment(row.at)}</td>
          </OpenRow>
        ))}</tbody>
      </table>
    </Card>
  )
}

// What starts by itself: set and removed by the command line.
function Triggers({world, dataset}) {
  const triggers = [...world.triggers.values()].filter((row) => row.waits && (!dataset || row.dataset === dataset))
  if (!triggers.length) { return null }
  return (
    <Card title="Triggers" hint="an experiment for each new version" flush>
      <table aria-label="Triggers">
        <thead><tr><th>Trigger</th><th>Dataset</th><th>Target</th><th className="end">Fired</th><th>Last experiment</th></tr></thead>
        <tbody>{triggers.map((row) => (
          <tr key={row.id}>
            <td className="name"><code>{row.id}</code></td><td>{row.dataset}</td><td><code>{row.target}</code></td>
            <td className="end">{row.fired}</td><td><LastExperiment trigger={row} /></td>
          </tr>
        ))}</tbody>
      </table>
    </Card>
  )
}

function LastExperiment({trigger}) {
  if (trigger.refusal) { return <span className="problem">Refused: {trigger.refusal}</span> }
  if (!trigger.last) { return <span className="quiet">–</span> }
  const open = (event) => { event.preventDefault(); go("experiments", trigger.last) }
  return <a href={`?page=experiments&id=${trigger.last}`} onClick={open}><code>{trigger.last}</code></a>
}

const named = (filename) => filename.replace(/\.[^.]*(\.(gz|zst))?$/i, "").toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 60).replace(/[-_]+$/, "")

// The bytes go over HTTP, so that their size is no matter; the command follows over the bus.
async function sent(file) {
  const answer = await fetch(`upload?filename=${encodeURIComponent(file.name)}`, {method: "POST", body: file}).catch(() => null)
  if (answer?.ok) { return answer.json() }
  const told = await answer?.json().catch(() => null)
  return told?.error ?? {cause: "The file could not be sent.", cure: "Try again."}
}

function AddFile({call, onDone}) {
  const [file, setFile] = React.useState(null)
  const [name, setName] = React.useState("")
  const [sending, setSending] = React.useState(false)
  const [run, busy, refusal, setRefusal] = useAction(call)
  const input = useFieldId()
  const choose = (chosen) => { setFile(chosen); setRefusal(null); if (chosen && !name) { setName(named(chosen.name)) } }
  const submit = async (event) => {
    event.preventDefault()
    setSending(true)
    const stored = await sent(file)
    setSending(false)
    if (stored.cause) { setRefusal(stored); return }
    const dataset = await run("register", {name, upload: stored.upload, filename: file.name})
    if (dataset) { onDone(); go("data", dataset.name) }
  }
  const drop = (event) => { event.preventDefault(); choose(event.dataTransfer.files[0]) }
  return (
    <Card title="Add a file" hint="CSV, JSON lines, Excel, Parquet or Arrow; also compressed (.gz, .zst)">
      <form onSubmit={submit} className="form">
        <label className="drop" htmlFor={input} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
          <Icon name="upload_file" /><span>{file ? `${file.name} · ${number.format(Math.ceil(file.size / 1024))} kB` : "Choose a file, or drop one here"}</span>
          <input id={input} type="file" aria-label="File" accept=".csv,.tsv,.tab,.psv,.txt,.jsonl,.ndjson,.xlsx,.xlsm,.parquet,.pq,.parq,.arrow,.arrows,.feather,.ipc,.gz,.zst" onChange={(event) => choose(event.target.files[0])} />
        </label>
        <Field label="Dataset name" value={name} onChange={setName} required helperText="A known name gets a new version." />
        <div className="row">
          <Button type="submit" variant="contained" disabled={!file || !name || busy || sending}>Register</Button>
          <Button onClick={onDone} disabled={busy || sending}>Close</Button>
        </div>
        {(busy || sending) && <div className="working" role="status"><LinearProgress />
          {sending ? "Sending the file" : "Reading every row and counting"}</div>}
        <Refusal refusal={refusal} />
      </form>
    </Card>
  )
}

function DatasetPage({dataset, world, call, racing}) {
  const [starting, setStarting] = React.useState(racing)
  const races = [...world.experiments.values()].filter((row) => row.dataset === dataset.name).sort((a, b) => b.started - a.started)
  const start = (
    <GrantedButton needs="send:StartExperiment" variant="contained" onClick={() => setStarting(true)} disabled={starting}>
      Start a race
    </GrantedButton>
  )
  const facts = `${plural(dataset.rows, "row")} · ${plural(dataset.columns.length, "column")} · ${percent(dataset.missing)} missing · version ${dataset.number} · ${cameFrom(dataset.versions[0])} · ${moment(dataset.at)}`
  return <>
    <Title facts={facts} actions={start}>{dataset.name}</Title>
    {starting && <StartRace dataset={dataset} world={world} call={call} onClose={() => setStarting(false)} />}
    {dataset.listed > 0 && <Rejected dataset={dataset} />}
    <div className="two">
      <Columns dataset={dataset} />
      <Versions dataset={dataset} />
      <Triggers world={world} dataset={dataset.name} />
      {races.length > 0 && <Card title="Experiments on this dataset" flush><RaceList races={races} short /></Card>}
    </div>
  </>
}

function Columns({dataset}) {
  return (
    <Card title="Columns" flush>
      <table aria-label="Columns">
        <thead><tr><th>Name</th><th>Type</th><th>Missing</th><th className="end">Distinct</th></tr></thead>
        <tbody>{dataset.columns.map((column) => (
          <tr key={column.name}>
            <td className="name">{column.name}</td><td><code>{column.type}</code></td>
            <td><div className="fit-time"><span className="bar"><i className={column.missing > 0.3 ? "warn" : ""} style={{width: `${100 * column.missing}%`}} /></span>{percent(column.missing)}</div></td>
            <td className="end">{number.format(column.distinct)}{column.distinct <= 1 && <em className="warn">constant</em>}</td>
          </tr>
        ))}</tbody>
      </table>
    </Card>
  )
}

function Rejected({dataset}) {
  const shown = dataset.rejected.length
  const hint = `${plural(dataset.listed, "row")} left out${shown < dataset.listed ? `; the first ${shown} are listed` : ""}`
  return (
    <Card title="Malformed rows" hint={hint} flush>
      <table aria-label="Malformed rows">
        <thead><tr><th className="line">Line</th><th>Problem</th></tr></thead>
        <tbody>{dataset.rejected.map((row) => <tr key={row.line}><td className="line">{row.line}</td><td>{row.problem}</td></tr>)}</tbody>
      </table>
    </Card>
  )
}
