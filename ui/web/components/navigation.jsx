// The pages to go to.
export function render({view}) {
  const at = usePlace()
  return (
    <nav aria-label="Pages" className="navigation">
      {PAGES.map(({id, name, icon}) => (
        <a
          key={id} href={`?page=${id}`} aria-current={at.page === id ? "page" : undefined}
          onClick={(event) => { event.preventDefault(); go(id); closeSidebar(view) }}
        ><Icon name={icon} />{name}</a>
      ))}
    </nav>
  )
}
