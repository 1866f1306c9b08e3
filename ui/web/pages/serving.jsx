// Serving: the endpoints, how one comes to be, and a prediction by hand.
function ServingPage({world, call, id}) {
  const ready = [...world.experiments.values()].filter((race) => race.model_version).sort((a, b) => b.started - a.started)
  const wished = ready.find((race) => race.id === id)
  const [deploying, setDeploying] = React.useState(!!wished)
  const deployments = [...world.deployments.values()].sort((a, b) => a.name.localeCompare(b.name))
  const deployment = (id && world.deployments.get(id)) || (deployments.length === 1 ? deployments[0] : null)
  const deploy = (
    <GrantedButton needs="send:DeployModelVersion" variant="contained" onClick={() => setDeploying(true)}>Deploy</GrantedButton>
  )
  return <>
    <Title facts={deployments.length ? plural(deployments.length, "deployment") : ""} actions={ready.length > 0 && !deploying && deployments.length > 0 && deploy}>Serving</Title>
    {deploying && <Deploy races={ready} first={wished} call={call} onDone={(name) => { setDeploying(false); go("serving", name) }} onClose={() => setDeploying(false)} />}
    {deployments.length > 0 && <DeploymentList deployments={deployments} chosen={deployment} />}
    {deployment && <TryIt key={`${deployment.name}-${deployment.model_version}`} deployment={deployment} call={call} />}
    {deployments.length === 0 && !deploying && (
      <Empty icon="rocket_launch" title="No deployments yet" text={ready.length ? "A finished experiment has a model version; deployed, it answers over HTTP." : "Finish an experiment first: its leader is refitted on all rows and can then be deployed."}>
        {ready.length ? deploy : <Button variant="contained" onClick={() => go("experiments")}>Open experiments</Button>}
      </Empty>
    )}
  </>
}

function Deploy({races, first, call, onDone, onClose}) {
  const [experiment, setExperiment] = React.useState((first || races[0])?.id || "")
  const chosen = races.find((race) => race.id === experiment)
  const [name, setName] = React.useState(chosen ? chosen.dataset : "")
  const [run, busy, refusal] = useAction(call)
  const submit = async (event) => {
    event.preventDefault()
    const deployed = await run("deploy", {name, model: chosen.model_version})
    if (deployed) { onDone(deployed.name) }
  }
  const choices = races.map((race) => ({value: race.id, text: `${race.id} · ${race.leader?.name} · ${race.dataset}`}))
  return (
    <Card title="Deploy a model version" hint="a name that is served already gets the new version">
      <form onSubmit={submit} className="form">
        <div className="fields">
          <Field label="Experiment" value={experiment} onChange={setExperiment} options={choices} />
          <Field label="Deployment name" value={name} onChange={setName} required />
        </div>
        <div className="row"><Button type="submit" variant="contained" disabled={busy || !chosen || !name}>Deploy now</Button>
          <Button onClick={onClose} disabled={busy}>Close</Button></div>
        {busy && <div className="working" role="status"><LinearProgress />Loading and checking the artifact</div>}
        <Refusal refusal={refusal} />
      </form>
    </Card>
  )
}

function DeploymentList({deployments, chosen}) {
  return (
    <Card flush>
      <table aria-label="Deployments">
        <thead><tr><th>Name</th><th>Candidate</th><th>Experiment</th><th>Model version</th><th className="end">Rows answered</th><th>Ready since</th></tr></thead>
        <tbody>{deployments.map((row) => (
          <OpenRow key={row.name} label={row.name} onOpen={() => go("serving", row.name)} aria-selected={chosen?.name === row.name}>
            <td className="name">{row.name}</td><td>{row.candidate}</td><td><code>{row.experiment}</code></td>
            <td><code>{row.model_version.slice(0, 13)}</code></td><td className="end">{number.format(row.answered)}</td><td>{moment(row.at)}</td>
          </OpenRow>
        ))}</tbody>
      </table>
    </Card>
  )
}

function parsedExample(deployment) {
  try {
    const example = JSON.parse(deployment.example)
    return Array.isArray(example) ? example[0] : example
  } catch { return {} }
}

const isNumber = (type) => type === "integer" || type === "float"
const unreadable = (text, type) => isNumber(type) && !Number.isFinite(Number(text))

function typed(text, type) {
  if (text === "" || (isNumber(type) && !text.trim())) { return null }
  if (isNumber(type)) { return Number(text) }
  return type === "boolean" ? text === "true" : text
}

const BOOLEANS = [{value: "", text: "missing"}, {value: "true", text: "true"}, {value: "false", text: "false"}]

function TryIt({deployment, call}) {
  const example = parsedExample(deployment)
  const [row, setRow] = React.useState(() => Object.fromEntries(deployment.features.map(({name}) => [name, example[name] == null ? "" : String(example[name])])))
  const [answer, setAnswer] = React.useState(null)
  const [run, busy, refusal, setRefusal] = useAction(call)
  const submit = async (event) => {
    event.preventDefault()
    const wrong = deployment.features.filter(({name, type}) => unreadable(row[name], type)).map(({name}) => `${name}: not a number.`)
    if (wrong.length) {
      setAnswer(null)
      setRefusal({cause: wrong.join(" "), cure: "Correct it, or empty the field for a missing value."})
      return
    }
    const values = Object.fromEntries(deployment.features.map(({name, type}) => [name, typed(row[name], type)]))
    const reply = await run("predict", {path: deployment.path, row: values})
    setAnswer(reply && reply.answer)
  }
  const input = ({name, type}) => (
    <Field key={name} label={name} value={row[name]} options={type === "boolean" ? BOOLEANS : undefined}
      inputMode={isNumber(type) ? "decimal" : undefined} error={unreadable(row[name], type)}
      helperText={unreadable(row[name], type) ? "Not a number" : undefined}
      onChange={(value) => setRow((kept) => ({...kept, [name]: value}))} />
  )
  return (
    <Card title="Try a prediction" hint={`${deployment.name} predicts ${deployment.target || SAYS[deployment.task]} · an empty field is a missing value`}>
      <form onSubmit={submit} className="form" noValidate>
        <div className="fields small">{deployment.features.map(input)}</div>
        <div className="row"><Button type="submit" variant="contained" disabled={busy}>Predict</Button></div>
        <Refusal refusal={refusal} />
        {answer && <Answer answer={answer} target={deployment.target || SAYS[deployment.task]} />}
      </form>
    </Card>
  )
}

const SAYS = {clustering: "the group", anomaly_detection: "whether it is an anomaly"}
const MEASURES = {score: "score", low: "from", high: "to"}

function Answer({answer, target}) {
  const first = (answer.predictions || [])[0]
  const value = first !== null && typeof first === "object" ? first.prediction ?? first.value ?? first.label : first
  const shares = first !== null && typeof first === "object" ? first.probabilities : null
  const measures = Object.keys(MEASURES).filter((name) => first?.[name] !== undefined)
  return (
    <div className="answer" role="status" aria-label="Prediction">
      <span>{target}</span><strong>{typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(6) : String(value)}</strong>
      {measures.length > 0 && <span>{measures.map((name) => `${MEASURES[name]} ${first[name].toPrecision(6)}`).join(" ")}</span>}
      {shares && <div className="shares">{Object.entries(shares).sort((a, b) => b[1] - a[1]).map(([label, share]) => (
        <div key={label}><span>{label}</span><span className="bar"><i style={{width: `${100 * share}%`}} /></span>{percent(share)}</div>
      ))}</div>}
    </div>
  )
}
