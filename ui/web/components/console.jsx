// All pages. The race stays mounted once it was seen, for its figures are costly to build and cheap to keep.
export function render({model, view}) {
  const at = usePlace()
  const needsRace = at.page === "experiments" || at.page === "evaluation"
  const {world, race, call, now} = useWorld(model, view, needsRace ? at.id : null)
  const [mlflow] = model.useState("mlflow")
  const [grants] = model.useState("grants")
  const showsRace = at.page === "experiments" && !!at.id
  const shared = {world, call, now, mlflow, id: at.id}
  useFigures(model, view, race)
  useSidebar(view)
  if (!world.loaded) { return <div className="desk"><Skeleton /></div> }
  return (
    <Grants.Provider value={grants}><div className="desk" data-live={world.live}>
      {!world.live && <div className="paused" role="alert"><Icon name="cloud_off" size={18} />
        {world.problem ? <span><b>What happened cannot all be read, so this page is not whole.</b> {world.problem}</span>
          : <span><b>The event bus is not answering.</b> Live progress is paused; races go on and nothing is lost. This page
            goes on by itself.</span>}</div>}
      {at.page === "data" && <DataPage {...shared} racing={at.racing} />}
      {at.page === "experiments" && !at.id && <ExperimentsPage {...shared} />}
      <div hidden={!showsRace}><RacePage {...shared} race={race} model={model} shown={showsRace} /></div>
      {at.page === "evaluation" && <EvaluationPage {...shared} race={race} model={model} />}
      {at.page === "serving" && <ServingPage {...shared} />}
      {!PAGES.some(({id}) => id === at.page) && (
        <Empty icon="search_off" tone="bad" title="There is no such page" text="The address may be misspelt." detail={at.page}>
          <Button variant="contained" onClick={() => go("experiments")}>All experiments</Button>
        </Empty>
      )}
    </div></Grants.Provider>
  )
}
