// Experiments: the races, the latest first.
function ExperimentsPage({world}) {
  const races = [...world.experiments.values()].sort((a, b) => b.started - a.started)
  const counted = ["running", "interrupted"].map((state) => [races.filter((race) => stateOf(race) === state).length, state])
  const states = counted.filter(([count]) => count).map(([count, state]) => ` · ${count} ${state}`).join("")
  const facts = races.length ? `${plural(races.length, "experiment")}${states}` : ""
  const datasets = (
    <GrantedButton needs="send:StartExperiment" variant="contained" onClick={() => go("data", null, true)}>
      {races.length ? "New race" : "Choose a dataset"}
    </GrantedButton>
  )
  return <>
    <Title facts={facts} actions={races.length > 0 && datasets}>Experiments</Title>
    {races.length > 0 ? <Card flush><RaceList races={races} /></Card> : (
      <Empty icon="science" title="No experiments yet" text="An experiment races candidates on one dataset, fold by fold, and shows the leaderboard as it fills.">
        {datasets}
      </Empty>
    )}
  </>
}

function Spread({leader}) {
  if (!leader) { return <span className="quiet">–</span> }
  return <><b>{score(leader.mean)}</b>{leader.low != null && <span className="quiet"> {leader.low.toFixed(3)} – {leader.high.toFixed(3)}</span>}</>
}

function RaceList({races, short}) {
  return (
    <table aria-label="Experiments">
      <thead><tr><th>Experiment</th><th>Status</th>{!short && <th>Dataset</th>}<th>Target</th><th>Leader</th><th>Score</th>
        {!short && <th>Fits</th>}<th>Started</th></tr></thead>
      <tbody>{races.map((race) => (
        <OpenRow key={race.id} label={race.id} onOpen={() => go("experiments", race.id)}>
          <td className="name"><code>{race.id}</code></td><td><Chip status={stateOf(race)} /></td>
          {!short && <td>{race.dataset}</td>}<td>{race.target ? <code>{race.target}</code> : TASK_NAMES[race.task]}</td>
          <td>{race.leader ? race.leader.name : <span className="quiet">–</span>}</td>
          <td><Spread leader={race.leader} />{race.leader && <span className="quiet"> {race.metric}</span>}</td>
          {!short && <td>{race.done} of {race.fits}{race.failed > 0 && <span className="problem"> · {race.failed} failed</span>}</td>}
          <td>{moment(race.started)}</td>
        </OpenRow>
      ))}</tbody>
    </table>
  )
}
