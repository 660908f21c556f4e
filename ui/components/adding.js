// A line that becomes a record: it stands until the server has said that it is stored, and is a draft meanwhile. `line` is its place.
import { t } from "logbook";
import { done, forget, hold, keep, kept, release } from "drafts";

const PATIENCE = 8000; // milliseconds until a line without an answer counts as not stored
const NO_ANSWER = () => t("There was no answer. Check the connection, then try again.");

export default {
  data: () => ({ draft: "", key: "", busy: false, problem: "" }),
  unmounted() { clearTimeout(this.patience); if (this.busy) done(this.sent.line); },
  methods: {
    typed() { this.problem = ""; this.key = ""; this.keepLine(); },
    keepLine() { keep(this.line, this.draft.trim() ? { typed: { text: this.draft, key: this.key } } : null); },
    async takeUp(line, ready) {
      const typed = (await kept(line))?.typed;
      if (!typed?.text || this.draft || (ready && !ready())) return;
      this.draft = typed.text;
      this.key = typed.key ?? "";
    },
    forgetLine() { forget(this.line); this.draft = this.key = this.problem = ""; },
    // Under one key a line is stored once, however often it is sent.
    async sendLine(more, text = this.draft.trim().slice(0, 200)) {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      this.key ||= Math.random().toString(36).slice(2) + Date.now().toString(36);
      this.keepLine();
      this.sent = { ...more, line: this.line, text: this.draft, key: this.key };
      await hold(this.line);
      if (!window.socket?.connected) return this.refused(NO_ANSWER());
      this.patience = setTimeout(() => this.refused(NO_ANSWER()), PATIENCE);
      this.act("add", { ...more, text, key: this.sent.key });
    },
    // Called by the server.
    added(key) {
      if (this.sent?.key !== key) return;
      const { line, text } = this.sent;
      clearTimeout(this.patience);
      this.busy = false;
      this.sent = null;
      this.key = this.problem = "";
      done(line);
      if (this.draft.startsWith(text)) this.draft = this.draft.slice(text.length); // what was typed since
      if (this.draft) this.keepLine();
    },
    refused(why) { clearTimeout(this.patience); this.busy = false; this.problem = why; release(this.sent?.line); },
  },
};
