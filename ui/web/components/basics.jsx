// Parts that every page is made of, and how values are written.
import {Button, TextField, LinearProgress, Tooltip} from "@mui/material"

const PAGES = [
  {id: "data", name: "Data", icon: "storage"},
  {id: "experiments", name: "Experiments", icon: "science"},
  {id: "evaluation", name: "Evaluation", icon: "insights"},
  {id: "serving", name: "Serving", icon: "rocket_launch"},
]

const TASK_NAMES = {
  classification: "Classification", regression: "Regression", clustering: "Clustering", anomaly_detection: "Anomaly detection",
  time_series: "Time series",
}
const UNLABELLED = ["clustering", "anomaly_detection"]

const number = new Intl.NumberFormat("en")
const score = (value) => (value == null ? "–" : value.toFixed(4))
const percent = (share) => (share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`)
const clock = (at) => new Date(at).toLocaleTimeString("en-GB")
const moment = (at) => new Date(at).toLocaleString("en-GB", {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"})
const plural = (count, noun) => `${number.format(count)} ${noun}${count === 1 ? "" : "s"}`

function duration(seconds) {
  if (seconds < 10) { return `${seconds.toFixed(1)} s` }
  const whole = Math.round(seconds)
  if (whole < 60) { return `${whole} s` }
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

// What the person may do; a grant for all commands includes each of them.
const Grants = React.createContext([])

// A button for those whose role grants what it leads to; for others it is off, and says so.
function GrantedButton({needs, disabled, ...rest}) {
  const grants = React.useContext(Grants)
  const granted = grants.includes(needs) || grants.includes(needs.split(":")[0])
  const button = <Button {...rest} disabled={disabled || !granted} />
  return granted ? button : <Tooltip title="Your role does not allow this. Ask whoever runs the platform for another one."><span tabIndex={0}>{button}</span></Tooltip>
}

// Where the person is, kept in the address: ?page=experiments&id=exp-1, and &new=1 on the way to a new race
function place() {
  const query = new URLSearchParams(window.location.search)
  const page = query.get("page")
  return {page: page ?? "experiments", id: query.get("id"), racing: query.has("new")}
}

function go(page, id, racing) {
  const query = new URLSearchParams(window.location.search)
  query.set("page", page)
  query.delete("id")
  query.delete("new")
  if (id) { query.set("id", id) }
  if (racing) { query.set("new", "1") }
  query.delete("ticket")
  window.history.pushState(null, "", `?${query}`)
  window.dispatchEvent(new PopStateEvent("popstate"))
}

function usePlace() {
  const [at, setAt] = React.useState(place)
  React.useEffect(() => {
    const follow = () => setAt(place())
    window.addEventListener("popstate", follow)
    return () => window.removeEventListener("popstate", follow)
  }, [])
  return at
}

const NARROW = window.matchMedia("(max-width: 799.95px)")

function openSidebar(view, open) {
  let page = view
  while (page.parent) { page = page.parent }
  page.model.data.sidebar_open = open
}

// In a narrow window the sidebar lies over the page, so it is closed once a page was chosen.
function closeSidebar(view) { if (NARROW.matches) { openSidebar(view, false) } }

// It is closed at first in a narrow window, and follows a window that becomes narrow or wide.
function useSidebar(view) {
  React.useEffect(() => {
    const follow = () => openSidebar(view, !NARROW.matches)
    closeSidebar(view)
    NARROW.addEventListener("change", follow)
    return () => NARROW.removeEventListener("change", follow)
  }, [])
}

function Icon({name, size = 20}) {
  return <span className="material-icons" aria-hidden="true" style={{fontSize: size}}>{name}</span>
}

function Card({title, hint, children, flush}) {
  return (
    <section className={flush ? "card flush" : "card"} aria-label={title}>
      {title && <header><h2>{title}</h2>{hint && <span className="hint">{hint}</span>}</header>}
      {children}
    </section>
  )
}

function Title({children, chip, facts, actions}) {
  return (
    <div className="title">
      <h1>{children}</h1>{chip}<span className="facts">{facts}</span>
      <span className="actions">{actions}</span>
    </div>
  )
}

const CHIPS = {
  running: ["Running", "primary"], completed: ["Completed", "ok"], failed: ["Failed", "bad"], cancelled: ["Cancelled", "idle"],
  interrupted: ["Interrupted", "bad"],
}

const stateOf = (race) => (race.interrupted ? "interrupted" : race.status)

function Chip({status}) {
  const [text, tone] = CHIPS[status]
  return <span className={`chip ${tone}`} role="status"><i />{text}</span>
}

function Empty({icon, title, text, tone, detail, children}) {
  return (
    <section className={`empty ${tone || ""}`} role={tone === "bad" ? "alert" : undefined}>
      <div className="tile"><Icon name={icon} size={24} /></div>
      <h2>{title}</h2><p>{text}</p>
      {detail && <code>{detail}</code>}
      <div className="row">{children}</div>
    </section>
  )
}

function Refusal({refusal}) {
  if (!refusal) { return null }
  return (
    <div className="refusal" role="alert">
      <Icon name="error_outline" size={18} />
      <div><b>{refusal.cause}</b> {refusal.cure}</div>
    </div>
  )
}

function Skeleton({rows = 6}) {
  return (
    <section className="card skeleton" aria-busy="true" aria-label="Loading">
      {Array.from({length: rows}, (_, index) => <div key={index} style={{width: `${92 - (index * 17) % 40}%`}} />)}
    </section>
  )
}

// An id of its own for a field: React's useId is not in the bundle.
let fields = 0
const useFieldId = () => React.useState(() => `field-${++fields}`)[0]

// A field with a label that screen readers, and tests, find it by.
function Field({label, value, onChange, options, inputMode, ...rest}) {
  const id = useFieldId()
  const slotProps = {inputLabel: {shrink: true, htmlFor: id}, htmlInput: {id, inputMode}}
  if (options) { slotProps.select = {native: true} }
  return (
    <TextField
      id={id} label={label} value={value} size="small" variant="outlined" select={!!options} slotProps={slotProps}
      onChange={(event) => onChange(event.target.value)} {...rest}
    >
      {options && options.map((option) => <option key={option.value} value={option.value}>{option.text}</option>)}
    </TextField>
  )
}

// A row that a click or Enter opens.
function OpenRow({onOpen, label, children, ...rest}) {
  const onKeyDown = (event) => { if (event.key === "Enter" && event.target === event.currentTarget) { onOpen() } }
  return <tr tabIndex={0} aria-label={label} className="opens" onClick={onOpen} onKeyDown={onKeyDown} {...rest}>{children}</tr>
}
