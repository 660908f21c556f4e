// Lines that become records: Enter adds; what the server understood of them stands below as chips.
import { seen, shared, t, tn } from "logbook";
import { forget } from "drafts";
import adding from "adding";

const MOST_LETTERS = 100000; // what the server takes at all
const touched = () => matchMedia("(pointer: coarse)").matches;
let numbers = 0;

export default {
  components: shared,
  mixins: [adding],
  props: { place: String, label: String, hint: String, focus: Boolean, more: Boolean, begin: String },
  emits: ["act"],
  data: () => ({ MOST_LETTERS, lines: [], asked: "", said: "", names: [], at: 0, under: null, over: false, touched: touched(), uid: "lb-quick-" + ++numbers }),
  computed: {
    line() { return this.place; },
    rows() { return Math.min(8, Math.max(1, this.draft.split("\n").length)); },
    wrong() { return this.problem || this.lines.map((line) => line.problem).find(Boolean) || ""; },
    shown() { return this.lines.filter((line) => this.lines.length > 1 || line.words.length || line.title !== this.asked); }, // also where quotes are left out
  },
  watch: { lines() { this.$nextTick(this.show); } },
  mounted() {
    addEventListener("scroll", this.put, { capture: true, passive: true });
    if (this.begin) this.restore(this.begin);
    else this.takeUp(this.place, () => !this.gone).then(this.read);
    if (this.focus) this.$nextTick(() => this.$refs.field.focus());
  },
  unmounted() { this.gone = true; clearTimeout(this.later); clearTimeout(this.looking); removeEventListener("scroll", this.put, true); },
  methods: {
    t, tn,
    act(name, key) { this.$emit("act", { name, key }); },
    typed() { adding.methods.typed.call(this); this.read(); this.look(); },
    // The mark and what follows it up to the caret, if the caret stands behind such; "*" alone begins a list.
    begun() {
      const field = this.$refs.field, before = field.selectionStart === field.selectionEnd ? field.value.slice(0, field.selectionStart) : "";
      const [whole, lead, mark, quoted, plain] = /(^|\s)([#@]|\*(?=\S))(?:["“”„«]([^"“”„»\n]{0,60})|([^\s"“”„«]{0,60}))$/.exec(before) ?? [];
      return mark && { mark, text: quoted ?? plain, from: before.length - whole.length + lead.length, to: before.length };
    },
    pasted(event) { // a field would cut it, and take half a list for the whole
      const text = event.clipboardData?.getData("text") ?? "";
      if (this.draft.length + text.length <= MOST_LETTERS) return;
      event.preventDefault();
      const count = text.split("\n").length;
      this.problem = tn("This is {count} line, too much to add at once. Import longer lists from a file.", "These are {count} lines, too many to add at once. Import longer lists from a file.", count);
    },
    look() {
      clearTimeout(this.looking);
      const begun = this.begun();
      if (!begun) { this.names = []; return; }
      this.looking = setTimeout(() => this.act("complete", { mark: begun.mark, text: begun.text }), 120);
    },
    show() {
      const read = this.$refs.read;
      this.over = read?.scrollHeight > read?.clientHeight + 1;
      if (read?.offsetHeight < innerHeight / 3 && document.activeElement === this.$refs.field) read.scrollIntoView({ block: "nearest" });
      this.put();
    },
    put() { // what is offered hangs over the edge of a dialog, which would cut it, and covers nothing of what was understood
      const box = this.names.length && this.$refs.field?.getBoundingClientRect();
      if (!box) { this.under = null; return; }
      const foot = Math.max(box.bottom, this.$refs.read?.getBoundingClientRect().bottom ?? 0), below = innerHeight - foot - 12, up = below < 160 && box.top > below;
      this.under = { position: "fixed", left: box.left + "px", right: "auto", width: Math.min(420, box.width) + "px", maxHeight: Math.max(90, Math.min(300, up ? box.top - 12 : below)) + "px", ...(up ? { top: "auto", bottom: innerHeight - box.top + 4 + "px" } : { top: foot + 4 + "px" }) };
    },
    take(name) {
      const begun = this.begun();
      this.names = [];
      if (!begun) return;
      const word = name.includes('"') ? name.replace(/\s/g, "") : /\s/.test(name) ? '"' + name + '"' : name;
      const place = begun.from + begun.mark.length + word.length + 1;
      this.draft = this.draft.slice(0, begun.from) + begun.mark + word + " " + this.draft.slice(begun.to).replace(/^["“”»]? ?/, "");
      this.$nextTick(() => { this.$refs.field.focus(); this.$refs.field.setSelectionRange(place, place); });
      this.typed();
      this.behind = place;
    },
    spaced(event) { // the space behind a name that was taken is there already
      if (event.data === " " && this.behind === event.target.selectionStart && this.behind === event.target.selectionEnd) event.preventDefault();
      this.behind = null;
    },
    steer(event) {
      const chooses = this.names.length && !event.isComposing && !event.shiftKey && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key);
      if (!chooses) return event.key === "Enter" ? this.pressed(event) : event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey ? this.indent(event) : undefined;
      event.preventDefault(); event.stopPropagation();
      if (event.key === "Escape") this.names = [];
      else if (event.key === "ArrowDown") this.at = (this.at + 1) % this.names.length;
      else if (event.key === "ArrowUp") this.at = (this.at - 1 + this.names.length) % this.names.length;
      else this.take(this.names[this.at]);
    },
    read() {
      clearTimeout(this.later);
      if (!this.draft.trim()) { this.lines = []; return; }
      if (!this.gone) this.later = setTimeout(() => this.act("read", this.draft), 120);
    },
    pressed(event) {
      if (event.isComposing || event.shiftKey || (touched() && this.lines.length > 1)) return;
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
    understood(text, lines, problem) { if (text === this.draft) { this.lines = lines; this.problem = problem; this.asked = text.trim().replace(/\s+/g, " "); } },
    added(key) {
      if (this.sent?.key !== key) return;
      seen("quick-add");
      adding.methods.added.call(this, key);
      this.said = t("Added.");
      this.read();
      this.$refs.field.focus();
    },
    offer(mark, text, names) {
      const begun = this.begun();
      if (this.gone || begun?.mark !== mark || begun.text !== text) return;
      this.at = 0;
      this.names = names.some((name) => name.toLowerCase() === text.toLowerCase()) ? [] : names; // a whole name needs no more
      this.put();
      this.said = this.names.length ? tn("{count} found. Up and down choose, Enter takes.", "{count} found. Up and down choose, Enter takes.", names.length) : "";
    },
    restore(text) { if (!this.draft.trim()) { this.draft = text; this.typed(); this.$refs.field.focus(); } },
  },
  template: `
  <form class="lb-quick" @submit.prevent="add">
    <div class="lb-quick-line" @focusout="$event.currentTarget.contains($event.relatedTarget) || (names = [])"><lb-icon name="add"/>
      <textarea :id="uid" ref="field" v-model="draft" class="lb-input" :rows="rows" :aria-label="label" :placeholder="label" :aria-describedby="uid + '-hint' + (wrong ? ' ' + uid + '-wrong' : '')" :aria-invalid="wrong ? 'true' : undefined" :maxlength="MOST_LETTERS" autocomplete="off" enterkeyhint="done" data-quick @beforeinput="spaced" @input="typed" @paste="pasted" :aria-controls="names.length ? uid + '-names' : undefined" :aria-activedescendant="names.length ? uid + '-name-' + at : undefined" @keydown="steer" @keyup.left="look" @keyup.right="look" @click="look"></textarea>
      <ul v-if="names.length" :id="uid + '-names'" class="lb-pop lb-quick-names" :style="under" role="listbox" :aria-label="t('What it may be')"><li v-for="(name, n) in names" :id="uid + '-name-' + n" :key="name" class="lb-pop-item" role="option" :aria-selected="String(n === at)" @mousedown.prevent="take(name)" @mousemove="at = n">{{ name }}</li></ul>
      <button type="submit" class="lb-button lb-button-primary" :disabled="busy || !draft.trim()">{{ t('Add') }}</button>
      <button v-if="more && lines.length < 2" type="button" class="lb-button lb-quick-more" :aria-label="t('More fields')" @click="leave"><lb-icon name="edit_note"/><span>{{ t('More fields') }}</span></button><slot/></div>
    <ul v-if="shown.length" ref="read" class="lb-quick-read" :aria-label="t('What was understood')" :tabindex="shown.length > 5 ? 0 : undefined"><li v-for="(line, at) in shown" :key="at" :class="line.part && 'lb-quick-part'">
      <span class="lb-quick-title">{{ line.title || t('No title yet') }}</span>
      <span v-for="(word, n) in line.words" :key="n" :class="['lb-quick-word', word.problem && 'lb-quick-open']"><lb-icon :name="word.problem ? 'help' : word.icon"/>{{ word.problem || word.text }}</span></li></ul>
    <p v-if="lines.length > 1" class="lb-quick-count">{{ tn('{count} line', '{count} lines', lines.length) }}<template v-if="over"> · {{ t('Scroll the list to see all of them.') }}</template></p>
    <p v-if="wrong" :id="uid + '-wrong'" class="lb-error" role="alert"><lb-icon name="error"/>{{ wrong }}</p>
    <p :id="uid + '-hint'" class="lb-quick-hint">{{ touched ? t('Such as: friday 5pm @okafor !high *maintenance. Paste lines to add several.') : hint }}</p>
    <lb-tip name="quick-add">{{ t('A whole task fits in one line, such as: Check hose friday 5pm @okafor. It is understood while you type.') }}</lb-tip>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </form>`,
};
