// Saves a table as CSV, as it was stored: the one thing that the page does.
for (const button of document.querySelectorAll("button[data-save]")) {
  button.addEventListener("click", () => {
    const name = button.dataset.save
    const kept = document.querySelector(`script[data-table="${CSS.escape(name)}"]`)
    const columns = JSON.parse(kept.textContent)
    const cell = (value) => value === null ? "" : /[",\n\r]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value
    const names = Object.keys(columns)
    const lines = (columns[names[0]] || []).map((_, row) => names.map((column) => cell(columns[column][row])).join(","))
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([[names.map(cell).join(","), ...lines].join("\n") + "\n"], {type: "text/csv"}))
    link.download = `${name}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  })
}
