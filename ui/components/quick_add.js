// Lines that become records: Enter adds; what the server understood of them stands below as chips.
import { seen, shared, t } from "logbook";
import { forget } from "drafts";
import adding from "adding";

let numbers = 0;

export default {
  components: shared,
  mixins: [adding],
  props: { place: String, label: String, hint: String, focus: Boolean, more: Boolean, begin: String },
  emits: ["act"],
  data: () => ({ lines: [], said: "", uid: "lb-quick-" + ++numbers }),
  computed: {
    line() { return this.place; },
    rows() { return Math.min(8, Math.max(1, this.draft.split("\n").length)); },
    wrong() { return this.problem || this.lines.map((line) => line.problem).find(Boolean) || ""; },
    shown() { return this.lines.filter((line) => this.lines.length > 1 || line.words.length); },
    summary() { return this.shown.map((line) => line.title + ": " + line.words.map((word) => word.problem || word.text).join(", ")).join(". "); },
  },
  mounted() {
    if (this.begin) this.restore(this.begin);
    else this.takeUp(this.place, () => !this.gone).then(this.read);
    if (this.focus) this.$nextTick(() => this.$refs.field.focus());
  },
  unmounted() { this.gone = true; clearTimeout(this.later); },
  methods: {
    t,
    act(name, key) { this.$emit("act", { name, key }); },
    typed() { adding.methods.typed.call(this); this.read(); },
    read() {
      clearTimeout(this.later);
      if (!this.draft.trim()) { this.lines = []; return; }
      if (!this.gone) this.later = setTimeout(() => this.act("read", this.draft), 120);
    },
    pressed(event) {
      if (event.isComposing || event.shiftKey || (matchMedia("(pointer: coarse)").matches && this.lines.length > 1)) return;
      event.preventDefault(); this.add();
    },
    indent(event) {
      const field = event.target, at = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
      if (at === 0 || field.value.startsWith("  ", at)) return; // the first line has nothing to be part of: Tab goes on
      event.preventDefault();
      const place = field.selectionStart + 2;
      this.draft = field.value.slice(0, at) + "  " + field.value.slice(at);
      this.$nextTick(() => field.setSelectionRange(place, place));
      this.typed();
    },
    add() {
      if (!this.draft.trim()) return;
      clearTimeout(this.later);
      this.sendLine({}, this.draft);
    },
    leave() { forget(this.place); this.act("more", this.draft); },
    // Called by the server.
    understood(text, lines, problem) { if (text === this.draft) { this.lines = lines; this.problem = problem; } },
    added(key) {
      if (this.sent?.key !== key) return;
      seen("quick-add");
      adding.methods.added.call(this, key);
      this.said = t("Added.");
      this.read();
      this.$refs.field.focus();
    },
    restore(text) { if (!this.draft.trim()) { this.draft = text; this.typed(); this.$refs.field.focus(); } },
  },
  template: `
  <form class="lb-quick" @submit.prevent="add">
    <div class="lb-quick-line"><lb-icon name="add"/>
      <textarea :id="uid" ref="field" v-model="draft" class="lb-input" :rows="rows" :aria-label="label" :placeholder="label" :aria-describedby="uid + '-hint'" :aria-invalid="wrong ? 'true' : undefined" maxlength="100000" autocomplete="off" enterkeyhint="done" data-quick @input="typed" @keydown.enter="pressed" @keydown.tab.exact="indent"></textarea>
      <button type="submit" class="lb-button lb-button-primary" :disabled="busy || !draft.trim()">{{ t('Add') }}</button>
      <button v-if="more" type="button" class="lb-button lb-quick-more" :aria-label="t('More fields')" @click="leave"><lb-icon name="edit_note"/><span>{{ t('More fields') }}</span></button></div>
    <p v-if="hint" :id="uid + '-hint'" class="lb-quick-hint">{{ hint }}</p>
    <lb-tip name="quick-add">{{ t('A whole task fits in one line: day, person and list are understood while you type.') }}</lb-tip>
    <ul v-if="shown.length" class="lb-quick-read" :aria-label="t('What was understood')"><li v-for="(line, at) in shown" :key="at" :class="line.part && 'lb-quick-part'">
      <span v-if="lines.length > 1 || line.words.length" class="lb-quick-title">{{ line.title || t('No title yet') }}</span>
      <span v-for="(word, n) in line.words" :key="n" :class="['lb-quick-word', word.problem && 'lb-quick-open']"><lb-icon :name="word.problem ? 'help' : word.icon"/>{{ word.problem || word.text }}</span></li></ul>
    <p v-if="wrong" :id="uid + '-wrong'" class="lb-error" role="alert"><lb-icon name="error"/>{{ wrong }}</p>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </form>`,
};
