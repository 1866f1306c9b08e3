// What passes between this browser and the server: rows come, wishes go, and each wish gets its reply.
const PATIENCE = 15000  // Milliseconds without a sign of life before the page says that it lost its server.
const KINDS = ["datasets", "ingestions", "experiments", "deployments", "triggers"]

function merged(kept, rows, whole) {
  const next = {}
  for (const kind of KINDS) {
    next[kind] = whole || rows[kind] ? new Map(whole ? [] : kept[kind]) : kept[kind]
    for (const row of rows[kind] || []) { next[kind].set(row.id, row) }
  }
  return next
}

const NOTHING = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]))

// The world as the server tells it. `race` is undefined until told, null if there is no such experiment.
function useWorld(model, view, raceId) {
  const [world, setWorld] = React.useState({loaded: false, ...NOTHING})
  const [race, setRace] = React.useState(undefined)
  const waiting = React.useRef(new Map())
  const heard = React.useRef({at: 0, live: false, skew: 0, told: 0, lost: false})
  const look = React.useRef(raceId)
  look.current = raceId

  React.useEffect(() => {
    const tell = (state) => window.dispatchEvent(new CustomEvent("trackside-link", {detail: {state, at: heard.current.told}}))
    const take = (part) => {
      if (part.link) {
        heard.current = {
          at: Date.now(), live: part.link.live, lost: false, skew: part.link.now - Date.now(),
          told: part.link.live ? part.link.now : heard.current.told,
        }
        tell(part.link.live ? "live" : "paused")
      }
      const {live, problem} = part.link ?? {}
      if (part.rows) { setWorld((kept) => ({loaded: true, live, problem, ...merged(kept, part.rows, part.whole)})) }
      else if (part.link) { setWorld((kept) => (kept.live === live && kept.problem === problem ? kept : {...kept, live, problem})) }
      if (part.race !== undefined && (part.race === null || part.race.id === look.current)) { setRace(part.race) }
    }
    const onMessage = (event) => {
      const message = event.data ?? event
      if (message.parts) { message.parts.map(JSON.parse).forEach(take) }
      if (message.reply !== undefined) {
        waiting.current.get(message.reply)?.(message)
        waiting.current.delete(message.reply)
      }
    }
    model.on("msg:custom", onMessage)
    // The websocket closes at once when the server goes away; a silent one is given up after a while.
    view.model.document.on_event("connection_lost", () => { heard.current.lost = true; tell("lost") })
    const watch = setInterval(async () => {
      if (heard.current.at === 0) { model.send_msg({look: {race: look.current}}) }
      const silent = heard.current.at !== 0 && Date.now() - heard.current.at >= PATIENCE
      if (!heard.current.lost && !silent) { return }
      tell("lost")
      const answer = await fetch("ready", {cache: "no-store"}).catch(() => null)
      if (answer?.ok) { window.location.reload() }
    }, 2000)
    return () => { model.off("msg:custom", onMessage); clearInterval(watch) }
  }, [])

  React.useEffect(() => {
    setRace(undefined)
    model.send_msg({look: {race: raceId}})
  }, [raceId])

  const call = React.useCallback((action, args) => new Promise((resolve) => {
    const id = window.crypto.getRandomValues(new Uint32Array(1))[0]
    waiting.current.set(id, resolve)
    model.send_msg({id, action, arguments: args})
  }), [])
  return {world, race, call, now: () => Date.now() + heard.current.skew}
}

// An action with its state: [run, busy, refusal].
function useAction(call) {
  const [busy, setBusy] = React.useState(false)
  const [refusal, setRefusal] = React.useState(null)
  const run = async (action, args) => {
    setBusy(true)
    setRefusal(null)
    const reply = await call(action, args)
    setBusy(false)
    setRefusal(reply.cause ? reply : null)
    return reply.cause ? null : reply.value
  }
  return [run, busy, refusal, setRefusal]
}
