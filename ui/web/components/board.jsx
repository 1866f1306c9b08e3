// The leaderboard: score, interval and fold dots of every candidate on one axis.
function axisOf([low, high]) {
  const span = high - low
  const step = niceStep(span / 4)
  const ticks = []
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) { ticks.push(tick) }
  const x = (value) => `${Math.min(99, Math.max(1, 100 * (value - low) / span))}%`
  return {x, ticks, digits: Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)), low, high}
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)
}

function Strip({row, axis, leader}) {
  const colour = row.slot == null ? "var(--idle)" : `var(--lead-${row.slot})`
  const partial = row.state !== "done"
  return (
    <svg width="100%" height="34" aria-hidden="true">
      {axis.ticks.map((tick) => <line key={tick} x1={axis.x(tick)} x2={axis.x(tick)} y1="0" y2="34" stroke="var(--line)" />)}
      {leader && <line x1={axis.x(leader.mean)} x2={axis.x(leader.mean)} y1="0" y2="34" stroke={"var(--ink3)"} strokeDasharray="2 3" />}
      {row.scores.map((value, fold) => value != null && value >= axis.low && value <= axis.high &&
        <circle key={fold} cx={axis.x(value)} cy="17" r="2.6" fill={colour} opacity="0.42" />)}
      {row.low != null && row.high >= axis.low && row.low <= axis.high && <line x1={axis.x(row.low)} x2={axis.x(row.high)} y1="17" y2="17" stroke={colour} strokeWidth="2" />}
      {row.mean != null && (row.mean < axis.low || row.mean > axis.high) && <text
        x={row.mean < axis.low ? "0" : "100%"} y="21" textAnchor={row.mean < axis.low ? "start" : "end"} fill={colour}
      >{row.mean < axis.low ? "‹" : "›"}</text>}
      {row.mean != null && row.mean >= axis.low && row.mean <= axis.high && <circle
        cx={axis.x(row.mean)} cy="17" r={partial ? 4.2 : 5} fill={partial ? "var(--surface)" : colour}
        stroke={colour} strokeWidth="2" />}
    </svg>
  )
}

const STATES = {
  running: "Running", partial: "Waiting for its next fold", waiting: "Waiting for a worker", done: "Done",
  failed: "Failed", stopped: "Stopped", retired: "Retired",
}

// The state as a shape, never as a colour alone.
function StateMark({row, folds}) {
  const share = (row.completed + row.failed) / folds
  const ring = 2 * Math.PI * 6
  const shapes = {
    done: <><circle cx="8" cy="8" r="7" fill="var(--ok)" /><path d="M4.8 8.2l2.2 2.2 4.2-4.6" stroke="var(--surface)" strokeWidth="1.7" fill="none" /></>,
    failed: <><rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="var(--bad)" /><path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" stroke="var(--surface)" strokeWidth="1.7" /></>,
    retired: <><circle cx="8" cy="8" r="6" fill="none" stroke="var(--ink3)" strokeWidth="1.3" /><path d="M4 12L12 4" stroke="var(--ink3)" strokeWidth="1.3" /></>,
    waiting: <circle cx="8" cy="8" r="6" fill="none" stroke="var(--ink3)" strokeWidth="1.3" strokeDasharray="2 2.2" />,
    stopped: <><circle cx="8" cy="8" r="6" fill="none" stroke="var(--ink3)" strokeWidth="1.3" /><rect x="5.6" y="5.6" width="4.8" height="4.8" fill="var(--ink3)" /></>,
  }
  const progress = <>
    <circle cx="8" cy="8" r="6" fill="none" stroke="var(--line2)" strokeWidth="2" />
    <circle cx="8" cy="8" r="6" fill="none" stroke="var(--primary)" strokeWidth="2" strokeDasharray={`${ring * share} ${ring}`} transform="rotate(-90 8 8)" />
    {row.state === "running" && <circle cx="8" cy="8" r="2.4" fill="var(--primary)" className="pulse" />}
  </>
  const said = row.mean == null ? STATES[row.state] : `${STATES[row.state]}, ${row.completed} of ${folds} folds scored`
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" role="img" aria-label={said}>
      <title>{said}</title>{shapes[row.state] || progress}
    </svg>
  )
}

function FitTime({row, longest}) {
  return (
    <div className="fit-time">
      <span className="bar"><i style={{width: `${longest ? 100 * row.fit_seconds / longest : 0}%`}} /></span>
      {row.fit_seconds ? duration(row.fit_seconds) : ""}
    </div>
  )
}

const FRONTS = {time: "nobody scores better and answers faster", size: "nobody scores better and is smaller"}

function Cost({text, front, on}) {
  const said = `On the front: ${FRONTS[on]}`
  return <>{(front === on || front === "both") && <b role="img" aria-label={said} title={said}>◆</b>}{text}</>
}

// What it costs to serve a candidate: the time of one answer, and the size of its pipeline.
function Serving({cost}) {
  if (!cost) { return null }
  const slowest = cost.slowest && `; the slowest of some took ${cost.slowest}`
  return (
    <small className="serving">
      <span title={`One row is answered in ${cost.answer} at the median${slowest}`}><Cost text={cost.answer || "–"} front={cost.front} on="time" /></span>
      <span title="Size of the fitted pipeline"><Cost text={cost.size || "–"} front={cost.front} on="size" /></span>
    </small>
  )
}

function note(row, folds, columns) {
  if (row.problem && row.mean == null) { return <td colSpan={columns} className="problem" title={row.problem}>{row.problem}</td> }
  if (row.state === "running") { return <td colSpan={columns} className="quiet">Fold {row.running[0] + 1} of {folds} is being fitted</td> }
  return <td colSpan={columns} className="quiet">{STATES[row.state]}</td>
}

// Folds that failed beside others that did not; how many are done is in the ring.
function Failures({row, folds}) {
  if (!row.failed) { return null }
  return <span className="folds bad" title={row.problem}>{row.failed} of {folds} folds failed</span>
}

// A mean over the folds done can be better than that of a higher place, so it is said what places follow.
const PLACES = "places: by the folds that all candidates have"

// Where a row stands in the bracket of those who share its place: first, inside, last, or in none.
function bracketOf(board, index) {
  const {place} = board[index]
  const shares = (other) => place != null && other?.place === place
  const [above, below] = [shares(board[index - 1]), shares(board[index + 1])]
  return above && below ? "inside" : below ? "first" : above ? "last" : undefined
}

function Place({row, board}) {
  const sharing = board.filter(({place}) => place != null && place === row.place).length
  if (sharing < 2) { return row.place }
  const said = `${row.place}, shared by ${sharing}`
  return <span title={said} role="text" aria-label={said}>{row.place}</span>
}

// The verdict in few words; its whole sentence for whoever points at it, or comes to it by keyboard.
function Verdict({verdict}) {
  if (!verdict) { return null }
  return (
    <Tooltip title={verdict.said} describeChild>
      <div className="verdict" role="note" tabIndex={0}>
        <em className={verdict.kind}>{verdict.word}</em>{verdict.reason && <small>{verdict.reason}</small>}
      </div>
    </Tooltip>
  )
}

const SHARES = ["better", "same", "worse"]

function Shares({shares}) {
  const said = shares.map((share, index) => `${share} % ${SHARES[index]}`).join(", ")
  return (
    <span className="tri" role="img" aria-label={said} title={said}>
      {shares.map((share, index) => <i key={SHARES[index]} className={SHARES[index]} style={{width: `${share}%`}} />)}
    </span>
  )
}

function Behind({verdict}) {
  if (!verdict || !verdict.behind) { return <td className="behind" /> }
  return (
    <td className="behind">
      <span title={verdict.interval && `95 % interval: ${verdict.interval}`}>{verdict.behind}</span>
      {verdict.shares.length > 0 && <Shares shares={verdict.shares} />}
    </td>
  )
}

// What the referee says of the whole race.
function Referee({referee}) {
  const {rule, saved, suggestion, notes} = referee
  if (![rule, saved, suggestion, ...notes].some(Boolean)) { return null }
  return (
    <footer className="referee" role="group" aria-label="Referee">
      {rule && <p><Icon name="balance" size={16} />{rule}</p>}
      {saved && <p><Icon name="bolt" size={16} />{saved}</p>}
      {suggestion && <p><Icon name="speed" size={16} />{suggestion}</p>}
      {notes.map((note) => <p key={note} className="warn"><Icon name="info" size={16} />{note}</p>)}
    </footer>
  )
}

function Entrant({row, race}) {
  return (
    <td className="name"><div><span title={row.name}>{row.name}</span>
      {race.final && row.place === 1 && !row.verdict && <em className="first">First</em>}
      {race.referee.suggested === row.candidate && <em className="first" title={race.referee.suggestion}>Suggested</em>}
      {row.mean != null && <Failures row={row} folds={race.folds} />}</div>
      <Verdict verdict={row.verdict} />
      {row.problem && row.mean == null && <small className="problem">{row.problem}</small>}</td>
  )
}

function Leaderboard({race}) {
  const axis = axisOf(race.figures.axis)
  const longest = Math.max(...race.board.map((row) => row.fit_seconds), 0)
  const refereed = race.board.some((row) => row.verdict)
  const places = race.final ? "" : ` · ${PLACES}`
  const costed = race.board.some((row) => row.cost)
  const line = "line: 95 % interval, corrected for overlapping folds · small dots: folds"
  const hint = refereed ? `${line} · bar: how sure it is better, the same or worse` : `mean of folds${places} · ${line}`
  return (
    <Card title="Leaderboard" hint={hint} flush>
      <table className={`board ${refereed ? "refereed" : ""} ${costed ? "costed" : ""}`} aria-label="Leaderboard">
        <thead><tr>
          <th className="place">#</th><th className="mark" /><th>Candidate</th><th className="end">{race.metric}</th>
          {refereed && <th className="behind" title="How much worse its mean is than the leader's, over the folds that both have">Behind</th>}
          <th className="axis" aria-label="Interval and folds"><div>
            {race.leader && axis.ticks.map((tick) => <span key={tick} style={{left: axis.x(tick)}}>{tick.toFixed(axis.digits)}</span>)}
          </div></th><th>Fit time{costed && <small>◆ answer · size</small>}</th>
        </tr></thead>
        <tbody>
          {race.board.map((row, index) => (
            <tr key={row.candidate} data-state={row.state} data-candidate={row.candidate} data-tie={bracketOf(race.board, index)}>
              <td className={row.state === "done" ? "place" : "place so-far"}><Place row={row} board={race.board} /></td>
              <td className="mark"><StateMark row={row} folds={race.folds} /></td>
              <Entrant row={row} race={race} />
              {row.mean == null ? note(row, race.folds, refereed ? 4 : 3) : <>
                <td className="end score">{score(row.mean)}</td>
                {refereed && <Behind verdict={row.verdict} />}
                <td className="axis"><Strip row={row} axis={axis} leader={race.leader} /></td>
                <td><FitTime row={row} longest={longest} /><Serving cost={row.cost} /></td>
              </>}
            </tr>
          ))}
        </tbody>
      </table>
      <Referee referee={race.referee} />
    </Card>
  )
}
