// What happens around the page: the network comes back, others save, the tab is hidden or closed.

const LOOK_MS = 60_000;

/** Looks now and then at what others have saved, sends what waits as soon as that may succeed. */
export function watch({ model, queue, server, store }) {
  const look = async () => {
    const { answers } = queue;
    const answer = await server.state();
    if (answer.kind !== "ok") {
      return;
    }
    // What was saved while the answer was on its way is newer than the answer.
    if (answers === queue.answers && ![...model.pending.values()].some((entry) => entry.phase === "sending")) {
      model.take({ cells: changed(model, answer.data.cells), reports: answer.data.reports });
      model.setChecks(answer.data.checks);
    }
  };
  setInterval(() => {
    if (!document.hidden) {
      look();
    }
  }, LOOK_MS);
  window.addEventListener("online", () => {
    model.setConnection("ok");
    queue.flush();
  });
  window.addEventListener("offline", () => model.setConnection("offline"));
  document.addEventListener("visibilitychange", () => {
    queue.flush();
    if (!document.hidden) {
      look();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (store.hasUnstored) {
      event.preventDefault();
    }
  });
}

function changed(model, cells) {
  const isNew = ([key, cell]) => JSON.stringify(cell) !== JSON.stringify(model.saved(key));
  return Object.fromEntries(Object.entries(cells).filter(isNew));
}
