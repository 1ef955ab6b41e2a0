// The file that proves a figure: sent at once, with the version of the cell that is saved.

export class Evidence {
  #model;
  #queue;
  #server;
  #panel;
  #say;
  #t;

  constructor({ root, model, queue, server, panel, say, t }) {
    this.#model = model;
    this.#queue = queue;
    this.#server = server;
    this.#panel = panel;
    this.#say = say;
    this.#t = t;
    const input = root.querySelector('[data-part="evidence"]');
    input.addEventListener("change", async () => {
      if (input.files.length) {
        await this.#send({ file: input.files[0] });
        input.value = "";
      }
    });
    root.querySelector('[data-part="evidence-remove"]').addEventListener("click", async () => {
      await this.#send({ remove: "1" });
      input.focus();
    });
  }

  async #send(what) {
    const { key } = this.#panel;
    await this.#queue.flush();
    if (this.#model.pending.has(key)) {
      this.#say(this.#t("evidence_waits"));
      return;
    }
    const [report, line] = key.split(":");
    const form = new FormData();
    const fields = { report, line, version: this.#model.saved(key).version, ...what };
    for (const [name, value] of Object.entries(fields)) {
      form.append(name, value);
    }
    const answer = await this.#server.evidence(form);
    if (answer.kind !== "ok") {
      this.#say(answer.data?.error ?? this.#t("evidence_failed"));
      return;
    }
    this.#model.take(answer.data);
    const refusal = answer.data.refused?.[key];
    this.#say(refusal ? refusal.text : this.#t(what.remove ? "evidence_removed" : "evidence_saved"));
  }
}
