// Facts that are edited where they stand: a click or Enter opens the control, Esc leaves it, leaving the field saves.
import { shared, t } from "logbook";

const PATIENCE = 15000; // milliseconds until a save without an answer counts as failed
let serial = 0;

export default {
  components: shared,
  props: { facts: Array },
  emits: ["act"],
  data() { return { uid: "facts" + ++serial, open: null, text: "", was: "", offered: {}, pending: {}, notes: {}, said: "" }; },
  unmounted() { this.mark(false); for (const one of Object.values(this.pending)) clearTimeout(one.timer); },
  methods: {
    id(fact) { return this.uid + "-" + fact.name; },
    fact(name) { return this.facts.find((one) => one.name === name); },
    mark(on) { on ? window.logbook?.dirty.set(this.uid, false) : window.logbook?.dirty.delete(this.uid); },
    options(fact) { return fact.options || this.offered[fact.name]; },
    readable(fact, held) { return fact.control === "select" ? this.options(fact)?.find((one) => one.value === held)?.label ?? "" : held; },
    shown(fact) { return this.pending[fact.name] ? this.pending[fact.name].shown : fact.value; },
    kind(fact) { return this.pending[fact.name] && fact.kind !== "date" ? "text" : fact.kind; },
    clicked(event, fact) { if (fact.name && !event.target.closest("a") && !getSelection()?.toString()) this.edit(fact); },
    edit(fact, text) {
      if (this.open || this.pending[fact.name]) return;
      this.was = fact.held;
      this.text = text ?? fact.held;
      this.open = fact.name;
      this.note(fact.name);
      if (fact.control === "select" && !this.options(fact)) this.$emit("act", { name: "choices", key: fact.name });
      this.$nextTick(() => { const control = document.getElementById(this.id(fact)); control?.focus(); if (control?.tagName === "INPUT" && fact.control !== "date" && fact.control !== "number") control.select(); });
    },
    typed() { this.mark(String(this.text) !== this.was); },
    leave(fact, focus) { this.open = null; this.mark(false); if (focus) this.$nextTick(() => document.getElementById(this.id(fact) + "-pen")?.focus()); },
    commit(fact, focus) {
      if (this.open !== fact.name) return;
      const text = String(this.text ?? "").trim(), was = this.was;
      this.leave(fact, focus);
      if (text !== was) this.send(fact, text, was);
    },
    send(fact, value, was) {
      const timer = setTimeout(() => this.refused(fact.name, t("There was no answer. Check the connection, then try again.")), PATIENCE);
      this.pending = { ...this.pending, [fact.name]: { value, shown: this.readable(fact, value), timer } };
      this.$emit("act", { name: "save", key: { field: fact.name, value, was } });
    },
    settle(name) { const { [name]: done, ...rest } = this.pending; clearTimeout(done?.timer); this.pending = rest; return done?.value ?? ""; },
    note(name, note) { const { [name]: _, ...rest } = this.notes; this.notes = note ? { ...rest, [name]: note } : rest; },
    saved(name) { this.settle(name); this.note(name); this.said = t("{field} saved", { field: this.fact(name)?.label || "" }); },
    refused(name, why) { if (this.pending[name]) this.note(name, { text: t("Not saved: {why}", { why }), typed: this.settle(name) }); },
    clashed(name, who, theirs) {
      const fact = this.fact(name), mine = this.settle(name);
      if (!fact) return;
      const say = (held) => (held ? "“" + (this.readable(fact, held) || held) + "”" : t("nothing"));
      this.note(name, { text: t("{name} changed this to {theirs} meanwhile. You wrote {mine}.", { name: who, theirs: say(theirs), mine: say(mine) }), typed: mine, theirs });
    },
    mine(fact) { const note = this.notes[fact.name]; this.note(fact.name); this.send(fact, note.typed, note.theirs); },
    again(fact) { this.edit(fact, this.notes[fact.name].typed); },
    offer(name, options) { this.offered = { ...this.offered, [name]: options }; },
  },
  template: `
  <div><dl class="lb-facts"><div v-for="fact in facts" :key="fact.label"><dt :id="fact.name && id(fact) + '-label'">{{ fact.label }}</dt>
    <dd v-if="!fact.name"><lb-cell :kind="fact.kind" :value="fact.value" :href="fact.href"/></dd>
    <dd v-else :class="['lb-editable', pending[fact.name] && 'lb-editable-pending']">
      <template v-if="open === fact.name">
        <select v-if="fact.control === 'select'" :id="id(fact)" v-model="text" class="lb-input" :aria-labelledby="id(fact) + '-label'" @change="typed" @blur="commit(fact)" @keydown.enter.prevent="commit(fact, true)" @keydown.esc.stop.prevent="leave(fact, true)">
          <option value="">{{ options(fact) ? fact.none || t('None') : t('Loading…') }}</option><option v-for="one in options(fact)" :key="one.value" :value="one.value">{{ one.label }}</option></select>
        <textarea v-else-if="fact.control === 'textarea'" :id="id(fact)" v-model="text" class="lb-input" rows="4" :maxlength="fact.maxlength" :aria-labelledby="id(fact) + '-label'" @input="typed" @blur="commit(fact)" @keydown.ctrl.enter.prevent="commit(fact, true)" @keydown.meta.enter.prevent="commit(fact, true)" @keydown.esc.stop.prevent="leave(fact, true)"></textarea>
        <input v-else :id="id(fact)" v-model="text" class="lb-input" :type="fact.control" :maxlength="fact.maxlength" :min="fact.min" :max="fact.max" autocomplete="off" :aria-labelledby="id(fact) + '-label'" @input="typed" @blur="commit(fact)" @keydown.enter.prevent="commit(fact, true)" @keydown.esc.stop.prevent="leave(fact, true)">
      </template>
      <div v-else class="lb-editable-line" @click="clicked($event, fact)"><lb-cell :kind="kind(fact)" :value="shown(fact)" :href="pending[fact.name] ? undefined : fact.href"/>
        <button :id="id(fact) + '-pen'" type="button" class="lb-pen" :aria-label="t('Edit {field}', { field: fact.label })" :title="t('Edit {field}', { field: fact.label })" @click.stop="edit(fact)"><lb-icon name="edit"/></button></div>
      <div v-if="notes[fact.name]" class="lb-editable-note" role="alert"><span><lb-icon name="error"/>{{ notes[fact.name].text }}</span>
        <span v-if="notes[fact.name].theirs !== undefined"><button type="button" class="lb-button lb-button-small" @click="mine(fact)">{{ t('Save mine') }}</button><button type="button" class="lb-button lb-button-small" @click="note(fact.name)">{{ t('Keep theirs') }}</button></span>
        <span v-else><button type="button" class="lb-button lb-button-small" @click="again(fact)">{{ t('Edit again') }}</button><button type="button" class="lb-button lb-button-small lb-button-quiet" @click="note(fact.name)">{{ t('Dismiss') }}</button></span></div>
    </dd></div></dl><p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p></div>`,
};
