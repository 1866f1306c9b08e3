// Fills Bokeh's sources in the browser: the columns come with the race, the colours from the theme.
const LOOK = "trackside-look"
const SOURCES = {
  fold_scores: {lines: "fold-lines", labels: "fold-labels", stops: "fold-stops", x: "fold-folds", y: "fold-range", ticks: "fold-ticks"},
  best_so_far: {steps: "best-steps", dots: "best-dots", labels: "best-labels", x: "best-seconds", y: "best-range"},
  pareto: {
    steps: "pareto-steps", dots: "pareto-dots", labels: "pareto-labels", x: "pareto-milliseconds", y: "pareto-range", ticks: "pareto-ticks",
  },
}

function coloured({slot, ...columns}, palette) {
  const colour = (value) => (typeof value === "string" ? palette[value] : value == null ? palette.line2 : palette[`lead-${value}`])
  return {...columns, color: slot.map(colour)}
}

function fill(view, figures, palette) {
  const quietly = {sync: false}  // Without it every change would travel back to the server.
  for (const [figure, names] of Object.entries(SOURCES)) {
    for (const [part, name] of Object.entries(names)) {
      const model = view.model.document.get_model_by_name(name)
      const value = figures[figure][part]
      if (part === "x" || part === "y") { model.setv({start: value[0], end: value[1]}, quietly) }
      else if (part === "ticks") { model.setv({ticks: value}, quietly) }
      else { model.setv({data: coloured(value, palette)}, quietly) }
    }
  }
}

// The switch of themes gives every figure a frame and a ground of its own: ours stand on their card.
function bare(view) {
  for (const name of ["fold-plot", "best-plot", "pareto-plot"]) {
    const nothing = {outline_line_color: null, background_fill_color: null, border_fill_color: null}
    view.model.document.get_model_by_name(name).setv(nothing, {sync: false})
  }
}

// Dark or light as the person last switched it here, else as the browser prefers.
function useRemembered(dark, setDark) {
  const shown = React.useRef(null)
  React.useEffect(() => {
    if (shown.current !== null && dark !== shown.current) { window.localStorage.setItem(LOOK, dark ? "dark" : "light") }
    if (shown.current !== null) { shown.current = dark; return }
    const look = window.localStorage.getItem(LOOK)
    shown.current = dark || (look ? look === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches)
    if (shown.current) { setDark(true) }
  }, [dark])
}

function useFigures(model, view, race) {
  const [dark, setDark] = model.useState("dark_theme")
  const [palette] = model.useState("palette")
  useRemembered(dark, setDark)
  React.useEffect(() => {
    document.documentElement.dataset.look = dark ? "dark" : "light"  // the class there is not ours: it stays as it was at first
    const later = setTimeout(() => bare(view), 0)
    return () => clearTimeout(later)
  }, [dark])
  React.useEffect(() => { if (race) { fill(view, race.figures, palette[dark ? "dark" : "light"]) } }, [race, dark])
}
