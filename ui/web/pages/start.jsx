// Starting a race: what is asked of which dataset, and who takes part.
const TASKS = [{value: "auto", text: "Decide from the target"}, ...Object.entries(TASK_NAMES).map(([value, text]) => ({value, text}))]
// What only some tasks are asked; an empty field leaves the choice to the plan.
const FURTHER = {
  clustering: [["clusters", "Groups", "4"]],
  anomaly_detection: [["anomalies", "Share of anomalies", "0.05"]],
  time_series: [["horizon", "Steps ahead", "12, or what the rows allow"], ["season", "Season", "By the dates"]],
}
const ENGINES = [{value: "pycaret", text: "PyCaret"}, {value: "sklearn", text: "scikit-learn"}]

const RULES = [
  {value: "auto", text: "Auto"}, {value: "full", text: "Full: nobody"}, {value: "strict", text: "Strict: who is surely worse"},
  {value: "careful", text: "Careful: or no better for practice"}, {value: "fast", text: "Fast: or so by these rows alone"},
]

// Candidates that took part in races before: the engines say what they offer only in a race.
function knownCandidates(world, {engine, task}) {
  const alike = (race) => race.engine === engine && [race.task, "auto"].includes(task)
  const races = [...world.experiments.values()].filter(alike)
  return [...new Set(races.flatMap((race) => race.candidates))].sort()
}

// What is predicted is most often a class in one of the last columns; the person can choose another.
function likelyTarget(columns) {
  const classes = columns.filter((column) => ["string", "boolean"].includes(column.type) && column.distinct > 1)
  return (classes.at(-1) ?? columns.at(-1))?.name
}

function StartRace({dataset, world, call, onClose}) {
  const columns = dataset.columns.map(({name}) => ({value: name, text: name}))
  const [wish, setWish] = React.useState({
    target: "", task: "auto", folds: "10", seed: "42", metric: "", engine: "pycaret", candidates: "", budget: "", fit_seconds: "", rule: "auto", margin: "",
    groups: "", time: "", clusters: "", anomalies: "", horizon: "", season: "",
  })
  const further = FURTHER[wish.task] ?? []
  const predicts = !UNLABELLED.includes(wish.task)
  const shuffles = predicts && wish.task !== "time_series"
  const [run, busy, refusal] = useAction(call)
  const set = (name) => (value) => setWish((kept) => ({...kept, [name]: value}))
  const submit = async (event) => {
    event.preventDefault()
    const candidates = wish.candidates.split(/[\s,]+/).filter(Boolean)
    const {task, engine} = wish
    const template = {
      task, engine, target: predicts ? wish.target : "", folds: Number(wish.folds), seed: Number(wish.seed), metric: wish.metric.trim() || null,
      budget: Number(wish.budget) || null, fit_seconds: Number(wish.fit_seconds) || null, candidates: candidates.length ? candidates : null,
      rule: shuffles ? wish.rule : "auto", margin: wish.margin === "" ? null : Number(wish.margin), groups: shuffles ? wish.groups || null : null,
      time: task === "time_series" ? wish.time || null : null, ...Object.fromEntries(further.map(([name]) => [name, Number(wish[name]) || null])),
    }
    const started = await run("start", {dataset: dataset.name, template})
    if (started) { go("experiments", started.id) }
  }
  const known = knownCandidates(world, wish)
  return (
    <Card title="Start a race" hint={`on ${dataset.name}, version ${dataset.number}`}>
      <form onSubmit={submit} className="form">
        <div className="fields">
          <Field label="Task" value={wish.task} onChange={set("task")} options={TASKS} />
          {predicts && <Field label="Target" value={wish.target} onChange={set("target")} options={[{value: "", text: "Choose a column"}, ...columns]} required
            helperText={`What is to be predicted; perhaps ${likelyTarget(dataset.columns)}`} />}
          {shuffles && <Field label="Rows that stay together" value={wish.groups} onChange={set("groups")} options={[{value: "", text: "None"}, ...columns]}
            helperText="Such as those of one patient: never on both sides of a fold" />}
          {wish.task === "time_series" && <Field label="Time" value={wish.time} onChange={set("time")} options={[{value: "", text: "Its only date"}, ...columns]} />}
          {further.map(([name, label, usual]) => <Field key={name} label={label} value={wish[name]} onChange={set(name)} inputMode="decimal" placeholder={usual} />)}
          <Field label="Folds" value={wish.folds} onChange={set("folds")} type="number" required />
          <Field label="Seed" value={wish.seed} onChange={set("seed")} type="number" required />
          <Field label="Metric" value={wish.metric} onChange={set("metric")} placeholder="The task's own" />
          <Field label="Budget" value={wish.budget} onChange={set("budget")} type="number" placeholder="All fits" />
          <Field label="Seconds per fit" value={wish.fit_seconds} onChange={set("fit_seconds")} type="number" placeholder="No limit" />
          {shuffles && <Field label="Retire early" value={wish.rule} onChange={set("rule")} options={RULES}
            helperText="Auto is careful from ten folds on, where its error is known" />}
          <Field label="Same for practice" value={wish.margin} onChange={set("margin")} inputMode="decimal" placeholder="What suits the metric"
            helperText="The margin, in the metric's own scale, such as 0.005" />
          <Field label="Engine" value={wish.engine} onChange={set("engine")} options={ENGINES} />
        </div>
        <Field label="Candidates" value={wish.candidates} onChange={set("candidates")} placeholder="All that the engine offers"
          helperText={known.length ? `Known: ${known.join(", ")}` : "Empty for all, or names such as lr, rf, lightgbm"} />
        <div className="row">
          <Button type="submit" variant="contained" disabled={busy}>Start</Button>
          <Button onClick={onClose} disabled={busy}>Close</Button>
        </div>
        {busy && <div className="working" role="status"><LinearProgress />Making the plan</div>}
        <Refusal refusal={refusal} />
      </form>
    </Card>
  )
}
