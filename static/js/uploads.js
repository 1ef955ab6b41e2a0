// Recolours a column of a table's picture as soon as another role is chosen for it. The page works without.

const roleOf = (select) => select.value.split(":")[0];

document.addEventListener("change", (event) => {
  const select = event.target;
  if (!(select instanceof HTMLSelectElement) || !select.classList.contains("role-of-column")) return;
  const head = select.closest("th");
  const before = [...head.classList].find((name) => name.startsWith("role--"));
  const after = `role--${roleOf(select)}`;
  head.classList.replace(before, after);
  for (const row of head.closest("table").tBodies[0].rows) {
    const cell = row.cells[head.cellIndex];
    if (cell && cell.classList.contains(before)) cell.classList.replace(before, after);
  }
});
