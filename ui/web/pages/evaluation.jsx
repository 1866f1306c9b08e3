// Evaluation: one experiment's leaderboard with all its numbers, and every fold.
function EvaluationPage({world, race, id, mlflow, call, model}) {
  const races = [...world.experiments.values()].sort((a, b) => b.started - a.started)
  React.useEffect(() => {
    if (!id && races.length) { window.history.replaceState(null, "", `?page=evaluation&id=${races[0].id}`); window.dispatchEvent(new PopStateEvent("popstate")) }
  }, [id, races.length])
  if (!races.length) {
    return <><Title>Evaluation</Title>
      <Empty icon="insights" title="Nothing to evaluate yet" text="Every number of a race stands here: means, intervals, and the score on each fold.">
        <Button variant="contained" onClick={() => go("experiments")}>Open experiments</Button>
      </Empty></>
  }
  const choices = races.map((row) => ({value: row.id, text: `${row.id} · ${row.dataset} · ${row.target || TASK_NAMES[row.task]}`}))
  const choose = <Field label="Experiment" value={id || ""} onChange={(chosen) => go("evaluation", chosen)} options={choices} />
  return <>
    <Title chip={race && <Chip status={stateOf(race)} />} facts={race && `${race.dataset} · ${race.target ? `target ${race.target}` : TASK_NAMES[race.task]} · ${race.folds} folds · ${number.format(race.rows)} rows`} actions={choose}>Evaluation</Title>
    {race === null && <Refusal refusal={{cause: `There is no experiment ${id}.`, cure: "Choose another one."}} />}
    {race === undefined && <Skeleton rows={9} />}
    {race && <Numbers race={race} mlflow={mlflow} />}
    {race && race.board.some((row) => row.verdict) && <Verdicts race={race} />}
    {race && <Folds race={race} />}
    {race && race.model_version && <Report key={race.model_version} race={race} call={call} model={model} />}
  </>
}

// What the model version is worth and rests on: a page of its own, which loads nothing and can be kept.
function Report({race, call, model}) {
  const [run, busy, refusal] = useAction(call)
  const [html, setHtml] = React.useState(null)
  const [dark] = model.useState("dark_theme")
  const make = async () => {
    const made = await run("report", {model_version: race.model_version})
    if (made) { setHtml(made.html) }
  }
  const save = () => {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([html], {type: "text/html"}))
    link.download = `${race.model_version}.html`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  return (
    <Card title="Report" hint={`${race.leader?.name ?? "the winner"}, as a model version`}>
      {!html && <p>What it is worth on rows that its fits had not seen, and what it rests on. The first time folds are fitted anew, which takes a while.</p>}
      <div className="row">
        {html ? <Button onClick={save}>Save as a file</Button>
          : <GrantedButton needs="send:ReportModelVersion" variant="contained" onClick={make} disabled={busy}>Make the report</GrantedButton>}
      </div>
      {busy && <div className="working" role="status"><LinearProgress />Making the report</div>}
      <Refusal refusal={refusal} />
      {html && <iframe className="report" title="Report" sandbox="allow-scripts allow-downloads"
        srcDoc={html.replace("<html", `<html data-look="${dark ? "dark" : "light"}"`)} />}
    </Card>
  )
}

function Numbers({race, mlflow}) {
  const order = race.greater_is_better ? "greater is better" : "smaller is better"
  return (
    <Card title="Leaderboard" hint={`${race.metric}, ${order}${race.final ? " · final" : ` · so far, ${PLACES}`}`} flush>
      <table aria-label="All numbers">
        <thead><tr><th className="place">#</th><th>Candidate</th><th className="end">Mean</th><th className="end">95 % low</th>
          <th className="end">95 % high</th><th className="end">Folds</th><th className="end">Failed</th><th className="end">Fit time</th><th>MLflow run</th></tr></thead>
        <tbody>{race.board.map((row) => (
          <tr key={row.candidate}>
            <td className="place">{row.place}</td><td className="name">{row.name}{race.final && row.place === 1 && !row.verdict && <em className="first">First</em>}
              {row.problem && <div className="problem">{row.problem}</div>}</td>
            <td className="end score">{score(row.mean)}</td><td className="end">{score(row.low)}</td><td className="end">{score(row.high)}</td>
            <td className="end">{row.completed}{row.retired != null && <span className="quiet"> · retired</span>}</td><td className="end">{row.failed || ""}</td>
            <td className="end">{row.fit_seconds ? duration(row.fit_seconds) : "–"}</td>
            <td>{race.runs[row.candidate] ? <a href={`${mlflow}/#/runs/${race.runs[row.candidate]}`} target="_blank" rel="noreferrer"><code>{race.runs[row.candidate].slice(0, 8)}</code></a> : <span className="quiet">–</span>}</td>
          </tr>
        ))}</tbody>
      </table>
      <p className="note">The interval is that of the mean over folds, corrected because folds share training rows (Nadeau and Bengio). It takes three folds.</p>
    </Card>
  )
}

function Verdicts({race}) {
  return (
    <Card title="Verdicts" hint="each beside the leader, over the folds that both have" flush>
      <div className="scroll"><table aria-label="Verdicts">
        <thead><tr><th>Candidate</th><th>Verdict</th><th className="end">Behind</th><th className="end">95 % interval</th>
          <th className="end">Better / same / worse</th></tr></thead>
        <tbody>{race.board.filter((row) => row.verdict).map(({candidate, name, verdict}) => (
          <tr key={candidate}>
            <td className="name">{name}</td>
            <td><div className="verdict"><em className={verdict.kind}>{verdict.word}</em></div>{verdict.said}</td>
            <td className="end score">{verdict.behind}</td><td className="end whole">{verdict.interval}</td>
            <td className="end whole">{verdict.shares.length > 0 && `${verdict.shares.join(" / ")} %`}</td>
          </tr>
        ))}</tbody>
      </table></div>
      <Referee referee={race.referee} />
    </Card>
  )
}

function Folds({race}) {
  const folds = Array.from({length: race.folds}, (_, fold) => fold)
  const best = folds.map((fold) => {
    const values = race.board.map((row) => row.scores[fold]).filter((value) => value != null)
    return values.length ? Math[race.greater_is_better ? "max" : "min"](...values) : null
  })
  return (
    <Card title="Folds" hint="the best score of each fold in bold" flush>
      <div className="scroll"><table aria-label="Scores by fold">
        <thead><tr><th>Candidate</th>{folds.map((fold) => <th key={fold} className="end">{fold + 1}</th>)}</tr></thead>
        <tbody>{race.board.map((row) => (
          <tr key={row.candidate}><td className="name">{row.name}</td>
            {folds.map((fold) => <td key={fold} className={row.scores[fold] != null && row.scores[fold] === best[fold] ? "end score" : "end"}>{score(row.scores[fold])}</td>)}</tr>
        ))}</tbody>
      </table></div>
    </Card>
  )
}
