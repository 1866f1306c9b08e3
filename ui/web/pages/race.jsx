// One race, live: header, facts, leaderboard, figures, activity.
function RacePage({race, model, call, now, mlflow, id, shown}) {
  const figures = {fold: model.get_child("fold_figure"), best: model.get_child("best_figure"), pareto: model.get_child("pareto_figure")}
  const known = race && race.id === id
  return <>
    {shown && race === undefined && <Skeleton rows={9} />}
    {shown && race === null && (
      <Empty icon="search_off" tone="bad" title="There is no such experiment" text="It may belong to another platform, or its start was refused." detail={id}>
        <Button variant="contained" onClick={() => go("experiments")}>All experiments</Button>
      </Empty>
    )}
    {known && <RaceHeader race={race} call={call} />}
    {known && <Strips race={race} now={now} />}
    <div className="race" hidden={!known}>
      <div>{known && <Leaderboard race={race} />}{known && <Outcome race={race} mlflow={mlflow} />}</div>
      <div>
        <Card title="Fold scores" hint="leaders labelled · × retired"><div className="figure">{figures.fold}</div></Card>
        <Card title="Best so far" hint="the leader’s mean over the folds done"><div className="figure">{figures.best}</div></Card>
        <Pareto lines={known ? race.fronts : []}>{figures.pareto}</Pareto>
        {known && <Happenings race={race} />}
      </div>
    </div>
  </>
}

// The figure, and the same in words.
function Pareto({lines, children}) {
  return (
    <div hidden={!lines.length}>
      <Card title="Score and answer time" hint="line: best score to be had within a time · tied count as equal">
        <figure aria-label="Score against answer time">
          <div className="figure">{children}</div>
          <figcaption>{lines.map((line) => <p key={line}>{line}</p>)}</figcaption>
        </figure>
      </Card>
    </div>
  )
}

function RaceHeader({race, call}) {
  const [run, busy, refusal] = useAction(call)
  const facts = <>{TASK_NAMES[race.task]} · {race.dataset}{race.target && <> · target <code>{race.target}</code></>} · {race.folds} folds · seed {race.seed} · {race.engine}</>
  const [asking, setAsking] = React.useState(false)
  const end = () => { setAsking(false); run("cancel", {experiment: race.id}) }
  const ask = (
    <GrantedButton needs="send:CancelExperiment" variant="outlined" color="error" disabled={busy} onClick={() => setAsking(true)}>
      Cancel
    </GrantedButton>
  )
  const sure = <>
    <span className="asks" role="alert">End this race? What was scored stays.</span>
    <Button variant="contained" color="error" onClick={end}>End the race</Button>
    <Button onClick={() => setAsking(false)}>Go on</Button>
  </>
  const deploy = (
    <GrantedButton needs="send:DeployModelVersion" variant="contained" onClick={() => go("serving", race.id)}>Deploy</GrantedButton>
  )
  const actions = race.status === "running" ? (asking ? sure : ask) : race.model_version ? deploy : null
  return <>
    <Title chip={<Chip status={stateOf(race)} />} facts={facts} actions={actions}>{race.id}</Title>
    <Refusal refusal={refusal} />
    {race.interrupted && (
      <div className="warning" role="status"><Icon name="pause_circle" size={18} />
        Interrupted: no worker gives a sign of life. The race goes on by itself when one is back; what was scored stays.
      </div>
    )}
    {race.warnings.map((warning) => <div className="warning" key={warning}><Icon name="info" size={18} />{warning}</div>)}
  </>
}

function useTicking(active) {
  const [, tick] = React.useState(0)
  React.useEffect(() => {
    if (!active) { return undefined }
    const timer = setInterval(() => tick((count) => count + 1), 1000)
    return () => clearInterval(timer)
  }, [active])
}

const ENDS = {completed: "Done", failed: "All fits failed", cancelled: "Stopped"}

function timeLeft(race, elapsed) {
  const share = race.done / race.fits
  if (race.status !== "running") { return ENDS[race.status] }
  if (race.interrupted) { return "Interrupted" }
  if (share < 0.03 || !race.done) { return "Too early to say" }
  const left = elapsed * (1 - share) / share
  return `~ ${duration(left < 60 ? Math.ceil(left / 5) * 5 : Math.ceil(left / 30) * 30)}`
}

function Strips({race, now}) {
  useTicking(race.status === "running")
  const elapsed = Math.max(0, ((race.ended ?? now()) - race.started) / 1000)
  const racing = race.board.filter((row) => row.retired == null)
  const completed = Math.floor(racing.reduce((sum, row) => sum + row.completed + row.failed, 0) / racing.length)
  const fold = race.status === "running" ? Math.min(race.folds, completed + 1) : completed
  const running = race.board.filter((row) => row.state === "running").map((row) => row.name)
  const leader = race.leader
  const first = race.board.filter(({place}) => place === 1).length
  const best = `Best ${race.metric}${race.final ? "" : " so far"}${first > 1 ? ` · ${first} share the first place` : ""}`
  const interval = leader && leader.low != null ? `${leader.low.toFixed(3)} – ${leader.high.toFixed(3)}` : ""
  const share = race.done / race.fits
  return (
    <section className="strip" aria-label="Progress">
      <div className="wide"><span>{best}</span><strong>{score(leader?.mean)}<i>{interval}</i></strong><small>{leader ? leader.name : "No score yet"}</small></div>
      <div><span>{race.status === "running" ? "Fold" : "Folds completed"}</span><strong>{fold}<i> of {race.folds}</i></strong><small>{running.join(", ") || plural(race.board.length, "candidate")}</small></div>
      <div><span>Fits</span><strong>{race.done}<i> of {race.fits}</i></strong>
        <small>{elapsed > 1 && race.done ? `${Math.round(60 * race.done / elapsed)} per minute` : "\u00a0"}{race.failed > 0 && <b className="problem"> · {race.failed} failed</b>}</small></div>
      <div><span>Time left</span><strong>{timeLeft(race, elapsed)}</strong><small>{duration(elapsed)} elapsed</small></div>
      <div className="wide"><span>Progress</span>
        <div className="meter" role="progressbar" aria-label="Fits done" aria-valuemin={0} aria-valuemax={race.fits} aria-valuenow={race.done}>
          <i className={race.status === "failed" ? "bad" : ""} style={{width: `${100 * share}%`}} /></div>
        <small>{Math.floor(100 * share)} % of fits{race.saved > 0 && ` · ${race.saved} saved`}</small></div>
    </section>
  )
}

const TONES = {ok: "circle", lead: "circle", note: "circle", bad: "square"}

function Happenings({race}) {
  return (
    <Card title="Activity">
      <ol className="activity" aria-label="Activity">
        {race.activity.map((entry, index) => (
          <li key={`${entry.at}-${race.activity.length - index}`} className={entry.tone}>
            <time>{clock(entry.at)}</time><i className={TONES[entry.tone]} /><span>{entry.text}</span>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Outcome({race, mlflow}) {
  const runs = Object.keys(race.runs).length
  if (!race.model_version && !race.refit_problem && !runs) { return null }
  return (
    <Card title="Outcome">
      <dl className="outcome">
        {race.model_version && <><dt>Model version</dt><dd><code>{race.model_version}</code></dd></>}
        {race.refit_problem && <><dt>Refit</dt><dd className="problem">{race.refit_problem}</dd></>}
        {race.registered && <><dt>Registered</dt><dd>{race.registered.name}, version {race.registered.version}</dd></>}
        {runs > 0 && <><dt>MLflow</dt><dd><a href={mlflow} target="_blank" rel="noreferrer">{plural(runs, "run")} recorded</a></dd></>}
        <dt>Dataset version</dt><dd><code>{race.dataset_version}</code></dd>
        <dt>Plan</dt><dd><code>{race.plan_digest.slice(0, 16)}</code></dd>
      </dl>
    </Card>
  )
}
