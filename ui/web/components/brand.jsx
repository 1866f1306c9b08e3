// The name in the bar, and whether what is shown is live.
const LINKS = {live: "Live", connecting: "Connecting", paused: "Paused", lost: "Reconnecting"}

export function render({model}) {
  const [person] = model.useState("person")
  const [link, setLink] = React.useState({state: "connecting"})
  React.useEffect(() => {
    const follow = (event) => setLink(event.detail)
    window.addEventListener("trackside-link", follow)
    return () => window.removeEventListener("trackside-link", follow)
  }, [])
  const last = link.state === "live" || !link.at ? "" : ` · last update ${clock(link.at)}`
  return (
    <div className="brand">
      <svg width="22" height="22" viewBox="0 0 20 20" aria-hidden="true">
        <rect width="20" height="20" rx="5" fill="var(--primary)" />
        <path d="M4.5 14.5V9M8.2 14.5V5.5M11.9 14.5v-4M15.6 14.5V7.5" stroke="var(--on-primary)" strokeWidth="1.7" strokeLinecap="round" />
      </svg>
      <b>Trackside</b>
      <span className={`link ${link.state}`} role="status" aria-label="Connection"><i />{LINKS[link.state]}{last}</span>
      <span className="person" aria-label="You are">{person}</span>
    </div>
  )
}
