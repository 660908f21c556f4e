// Facts that are edited where they stand: a click or Enter opens the control, Esc leaves it, a choice is
// saved at once, what is typed when the field is left or by its button. It is a draft until it is saved, with what the fact said
// when the editing began.
import { shared, t } from "logbook";
import { done, forget, hold, keep, kept, release } from "drafts";

const PATIENCE = 15000; // milliseconds until a save without an answer counts as failed
let serial = 0;

export default {
  components: shared,
  props: { facts: Array, place: String, first: Number },
  emits: ["act"],
  data() { return { uid: "facts" + ++serial, open: null, restored: null, text: "", was: "", offered: {}, pending: {}, notes: {}, all: false, said: "" }; },
  mounted() { for (const { name, opens } of this.facts) if (name && !opens) kept(this.draft(name)).then((begun) => this.putBack(name, begun?.typed)); },
  unmounted() { this.gone = true; this.mark(false); for (const [name, one] of Object.entries(this.pending)) { clearTimeout(one.timer); done(this.draft(name)); } },
  methods: {
    id(fact) { return this.uid + "-" + fact.name; },
    fact(name) { return this.facts.find((one) => one.name === name); },
    draft(name) { return this.place + "-" + name; },
    mark(on) { on ? window.logbook?.dirty.set(this.uid, true) : window.logbook?.dirty.delete(this.uid); },
    options(fact) { return fact.options || this.offered[fact.name]; },
    readable(fact, held) { return fact.control === "select" ? this.options(fact)?.find((one) => one.value === held)?.label ?? "" : held; },
    shown(fact) { return this.pending[fact.name] ? this.pending[fact.name].shown : fact.value; },
    kind(fact) { return this.pending[fact.name] && fact.kind !== "date" ? "text" : fact.kind; },
    clicked(event, fact) { if (fact.name && !event.target.closest("a") && !getSelection()?.toString()) this.edit(fact); },
    edit(fact, text = fact.held, was = fact.held) {
      if (fact.opens) return this.$emit("act", { name: "open", key: fact.name });
      if (this.pending[fact.name]) return;
      if (this.restored) this.aside(this.open, this.text, this.was);
      else if (this.open) return;
      this.show(fact, text, was);
      this.$nextTick(() => { const control = document.getElementById(this.id(fact)); control?.focus(); if (control?.tagName === "INPUT" && fact.control !== "date" && fact.control !== "number") control.select(); });
    },
    show(fact, text, was) {
      this.was = was;
      this.text = text;
      this.open = fact.name;
      this.walks = false;
      this.note(fact.name);
      if (fact.control === "select" && !this.options(fact)) this.$emit("act", { name: "choices", key: fact.name });
    },
    // One field stands open, without the focus: nobody may leave it, and save it, before he has seen it. Others wait in a note.
    putBack(name, begun) {
      const fact = this.fact(name);
      if (!begun || !fact || this.gone || this.open === name || this.pending[name] || this.notes[name]) return;
      if (begun.text === fact.held) forget(this.draft(name)); // it was saved, and the answer was lost
      else if (this.open) this.aside(name, begun.text, begun.was);
      else { this.show(fact, begun.text, begun.was); this.restored = name; this.mark(true); }
    },
    aside(name, typed, was) {
      if (this.open === name) this.leave();
      this.note(name, { text: t("What you typed before is back."), typed: String(typed), was, restored: true });
    },
    typed() {
      const text = String(this.text ?? ""), changed = text !== this.was;
      this.mark(changed);
      keep(this.draft(this.open), changed ? { typed: { text, was: this.was } } : null);
    },
    // An arrow key on a closed list of choices passes by those before the one that is meant: then Enter or leaving saves.
    keyed(event) { this.walks = !["Enter", " ", "F4"].includes(event.key) && !event.altKey; },
    chosen(fact) { this.walks ? this.typed() : this.commit(fact, true); },
    tucked(fact, at) { return !this.all && this.first > 0 && at >= this.first && this.open !== fact.name && !this.pending[fact.name] && !this.notes[fact.name]; },
    left(event, fact) { if (!event.currentTarget.contains(event.relatedTarget)) this.commit(fact); },
    discard(fact) { forget(this.draft(fact.name)); this.leave(fact, true); },
    dismiss(fact) { forget(this.draft(fact.name)); this.note(fact.name); },
    leave(fact, focus) { this.open = this.restored = null; this.mark(false); if (focus) this.$nextTick(() => document.getElementById(this.id(fact) + "-pen")?.focus()); },
    commit(fact, focus) {
      if (this.open !== fact.name) return;
      const text = String(this.text ?? "").trim(), was = this.was;
      this.leave(fact, focus);
      if (text !== was) this.send(fact, text, was);
      else forget(this.draft(fact.name));
    },
    async send(fact, value, was) {
      const timer = setTimeout(() => this.refused(fact.name, t("There was no answer. Check the connection, then try again.")), PATIENCE);
      this.pending = { ...this.pending, [fact.name]: { value, shown: this.readable(fact, value), timer } };
      await hold(this.draft(fact.name));
      this.$emit("act", { name: "save", key: { field: fact.name, value, was } });
    },
    settle(name) { const { [name]: one, ...rest } = this.pending; clearTimeout(one?.timer); this.pending = rest; return one?.value ?? ""; },
    note(name, note) { const { [name]: _, ...rest } = this.notes; this.notes = note ? { ...rest, [name]: note } : rest; },
    saved(name) { this.settle(name); done(this.draft(name)); this.note(name); this.said = t("{field} saved", { field: this.fact(name)?.label || "" }); },
    refused(name, why) { if (this.pending[name]) { this.note(name, { text: t("Not saved: {why}", { why }), typed: this.settle(name) }); release(this.draft(name)); } },
    clashed(name, who, theirs) {
      const fact = this.fact(name), mine = this.settle(name);
      release(this.draft(name));
      if (!fact) return;
      const say = (held) => (held ? "“" + (this.readable(fact, held) || held) + "”" : t("nothing"));
      this.note(name, { text: t("{name} changed this to {theirs} meanwhile. You wrote {mine}.", { name: who, theirs: say(theirs), mine: say(mine) }), typed: mine, theirs });
    },
    mine(fact) { const note = this.notes[fact.name]; this.note(fact.name); this.send(fact, note.typed, note.theirs); },
    again(fact) { const note = this.notes[fact.name]; this.edit(fact, note.typed, note.was); this.typed(); },
    offer(name, options) { this.offered = { ...this.offered, [name]: options }; },
  },
  template: `
  <div><dl class="lb-facts"><div v-for="(fact, at) in facts" :key="fact.label" :class="tucked(fact, at) && 'lb-tucked'"><dt :id="fact.name && id(fact) + '-label'">{{ fact.label }}</dt>
    <dd v-if="!fact.name"><lb-cell :kind="fact.kind" :value="fact.value" :href="fact.href"/></dd>
    <dd v-else :class="['lb-editable', pending[fact.name] && 'lb-editable-pending']">
      <div v-if="open === fact.name" class="lb-editing" @focusout="left($event, fact)" @keydown.esc.stop.prevent="discard(fact)">
        <div v-if="restored === fact.name" class="lb-notebar lb-tone-blue"><lb-icon name="history"/><span>{{ t('What you typed before is back.') }}</span><span class="lb-actions" @mousedown.prevent><button type="button" class="lb-button lb-button-small lb-button-primary" @click="commit(fact, true)">{{ t('Save') }}</button><button type="button" class="lb-button lb-button-small" @click="discard(fact)">{{ t('Discard it') }}</button></span></div>
        <select v-if="fact.control === 'select'" :id="id(fact)" v-model="text" class="lb-input" :aria-labelledby="id(fact) + '-label'" @pointerdown="walks = false" @keydown="keyed" @change="chosen(fact)" @keydown.enter.prevent="commit(fact, true)">
          <option value="">{{ options(fact) ? fact.none || t('None') : t('Loading…') }}</option><option v-for="one in options(fact)" :key="one.value" :value="one.value">{{ one.label }}</option></select>
        <textarea v-else-if="fact.control === 'textarea'" :id="id(fact)" v-model="text" class="lb-input" rows="4" :maxlength="fact.maxlength" :aria-labelledby="id(fact) + '-label'" @input="typed" @keydown.ctrl.enter.prevent="commit(fact, true)" @keydown.meta.enter.prevent="commit(fact, true)"></textarea>
        <input v-else :id="id(fact)" v-model="text" class="lb-input" :type="fact.control" :maxlength="fact.maxlength" :min="fact.min" :max="fact.max" autocomplete="off" :aria-labelledby="id(fact) + '-label'" @input="typed" @keydown.enter.prevent="commit(fact, true)">
        <div v-if="fact.control !== 'select' && restored !== fact.name" class="lb-actions lb-editing-end" @mousedown.prevent><button type="button" class="lb-button lb-button-small lb-button-primary" @click="commit(fact, true)">{{ t('Save') }}</button><button type="button" class="lb-button lb-button-small" @click="discard(fact)">{{ t('Cancel') }}</button></div>
      </div>
      <div v-else class="lb-editable-line" @click="clicked($event, fact)"><lb-cell :kind="kind(fact)" :value="shown(fact)" :href="pending[fact.name] ? undefined : fact.href"/>
        <button :id="id(fact) + '-pen'" type="button" class="lb-pen" :aria-label="t('Edit {field}', { field: fact.label })" :title="t('Edit {field}', { field: fact.label })" @click.stop="edit(fact)"><lb-icon name="edit"/></button></div>
      <div v-if="notes[fact.name]" :class="['lb-editable-note', notes[fact.name].restored ? 'lb-tone-blue' : 'lb-tone-red']" role="alert"><span><lb-icon :name="notes[fact.name].restored ? 'history' : 'error'"/>{{ notes[fact.name].text }}</span>
        <span v-if="notes[fact.name].theirs !== undefined"><button type="button" class="lb-button lb-button-small" @click="mine(fact)">{{ t('Save mine') }}</button><button type="button" class="lb-button lb-button-small" @click="dismiss(fact)">{{ t('Keep theirs') }}</button></span>
        <span v-else><button type="button" class="lb-button lb-button-small" @click="again(fact)">{{ t('Edit again') }}</button><button type="button" class="lb-button lb-button-small lb-button-quiet" @click="dismiss(fact)">{{ notes[fact.name].restored ? t('Discard it') : t('Dismiss') }}</button></span></div>
    </dd></div></dl><button v-if="first && facts.length > first" type="button" class="lb-button lb-button-small lb-facts-more" :aria-expanded="all" @click="all = !all"><lb-icon :name="all ? 'expand_less' : 'expand_more'"/>{{ all ? t('Fewer facts') : t('All facts') }}</button><p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p></div>`,
};
