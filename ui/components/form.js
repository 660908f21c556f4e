// A whole form as one component: fields from the input model, errors beside them, what was typed kept as a draft; also as a dialog.
import { modal } from "layers";
import { shared } from "logbook";
import { done, forget, hold, keep, kept, release } from "drafts";

let serial = 0;

export default {
  components: shared,
  props: { draft: String, begun: Object, sections: Array, values: Object, errors: Object, message: String, label: String, cancel: String, dialog: Object, confirm: String, danger: Boolean, failures: Number },
  emits: ["act"],
  data() {
    return { uid: "form" + ++serial, typed: this.fresh(), state: "", restored: false, found: {}, texts: {}, picked: {}, openPicker: null, led: false, place: null, at: 0, hiddenErrors: {} };
  },
  computed: {
    fields() { return this.sections.flatMap((section) => section.fields); },
    dirty() { return JSON.stringify(this.typed) !== JSON.stringify(this.fresh()); },
    wrong() { return Object.entries(this.errors).map(([name, text]) => ({ name, text, field: this.fields.find((one) => one.name === name) })); },
    ready() { return !this.confirm || (this.typed.typed || "").trim() === this.confirm; },
    writes() { return this.fields.some((field) => ["text", "textarea"].includes(field.kind) && !field.secret); },
  },
  watch: {
    dirty(value) { this.mark(value); if (value && this.state === "saved") this.state = ""; },
    typed: { deep: true, handler() { if (this.draft && this.writes) keep(this.draft, this.changes()); } },
    failures() { this.settled(); this.hiddenErrors = {}; this.$nextTick(() => this.$refs.summary?.focus()); },
    // Fields may be placed while the form is shown already; what was typed into the others stays.
    sections(now, before) { this.follow(this.fresh(before, this.values)); this.ask(); if (!before.some((one) => one.fields.length)) this.begin(); },
    values: { deep: true, handler(now, before) { if (this.state !== "sending") this.follow(this.fresh(this.sections, before)); } },
  },
  mounted() {
    this.picked = this.chosen();
    if (this.begun) this.typed = { ...this.typed, ...this.begun };
    else this.ask();
    if (this.dialog) {
      this.back = document.activeElement;
      addEventListener("scroll", this.put, { capture: true, passive: true });
      this.left = modal(this.$el, () => this.tryClose());
      this.begin();
    }
  },
  unmounted() { this.left?.(); this.gone = true; this.mark(false); removeEventListener("scroll", this.put, true); if (this.state === "sending") done(this.draft); },
  methods: {
    fresh(sections = this.sections, values = this.values) { return Object.fromEntries(sections.flatMap((section) => section.fields).map((field) => { const value = values[field.name]; return [field.name, Array.isArray(value) ? [...value] : value ?? (field.many ? [] : field.kind === "checkbox" ? false : "")]; })); },
    begin() { if (this.dialog) this.$nextTick(() => { const first = this.$el.querySelector(".lb-dialog-body :is(input:not([type=hidden]), select, textarea)"); this.led = Object.values(this.picked).some((list) => list.length); (first || this.$el.querySelector("button")).focus(); this.led = false; }); }, // a list that opened by itself would lie over who is chosen
    chosen() { return Object.fromEntries(this.fields.filter((field) => field.chosen).map((field) => [field.name, [...field.chosen]])); },
    mark(on) { on ? window.logbook?.dirty.set(this.uid, !!this.draft && this.writes) : window.logbook?.dirty.delete(this.uid); },
    changed(name) { return JSON.stringify(this.typed[name]) !== JSON.stringify(this.fresh()[name]); },
    // Only what differs: what others change meanwhile in the other fields stays theirs.
    changes() {
      const typed = {}, picked = {};
      for (const { name, kind, secret } of this.fields) if (!secret && this.changed(name)) { typed[name] = this.sent(this.typed[name]); if (kind === "person") picked[name] = this.picked[name] || []; }
      return Object.keys(typed).length ? { typed, ...(Object.keys(picked).length && { picked }) } : null;
    },
    follow(before) {
      const fresh = this.fresh(), same = ([name]) => JSON.stringify(this.typed[name]) === JSON.stringify(before[name]);
      const anew = Object.fromEntries(Object.entries(fresh).filter(same)), chosen = this.chosen();
      this.typed = { ...fresh, ...this.typed, ...anew };
      for (const name of Object.keys(anew)) if (chosen[name]) this.picked[name] = chosen[name];
    },
    ask() { if (this.asked || this.begun || !this.draft || !this.writes) return; this.asked = true; kept(this.draft).then(this.putBack); },
    putBack(begun) {
      if (!begun || this.gone) return;
      for (const { name, kind, secret } of this.fields) if (!secret && name in (begun.typed || {}) && !this.changed(name)) { this.typed[name] = begun.typed[name]; if (kind === "person") this.picked = { ...this.picked, [name]: begun.picked?.[name] || [] }; }
      this.restored = this.dirty;
    },
    reset() { this.typed = this.fresh(); this.picked = this.chosen(); this.restored = false; forget(this.draft); },
    goOn() { this.restored = false; const field = this.fields.find((one) => this.changed(one.name) && this.visible(one)); if (field) this.$nextTick(() => document.getElementById(this.id(field))?.focus()); },
    // A box for numbers gives a number; the server takes what was typed.
    sent(value) { return typeof value === "number" ? String(value) : value; },
    async submit() {
      if (this.state === "sending" || !this.ready) return;
      this.state = "sending"; this.mark(false);
      await hold(this.draft);
      const values = Object.fromEntries(Object.entries(this.typed).map(([name, value]) => [name, this.sent(value)]));
      this.$emit("act", { name: "submit", key: { values } });
      clearTimeout(this.waiting);
      this.waiting = setTimeout(this.settled, 15000);
    },
    settled() { if (this.state === "sending") { this.state = ""; this.mark(this.dirty); release(this.draft); } },
    saved() { this.state = "saved"; this.mark(false); done(this.draft); this.restored = false; },
    shut() { if (this.$el.open) this.$el.close(); },
    closed(event) { if (event.target !== this.$el) return; this.mark(false); forget(this.draft); this.back?.isConnected && this.back.focus(); this.$emit("act", { name: "closed" }); },
    tryClose(event) { event?.preventDefault(); if (this.dirty && !this.confirm && !this.sure) { this.sure = true; this.state = "sure"; setTimeout(() => (this.sure = false), 4000); return; } this.shut(); },
    error(field) { return this.hiddenErrors[field.name] ? "" : this.errors[field.name]; },
    touched(field) { if (this.errors[field.name]) this.hiddenErrors = { ...this.hiddenErrors, [field.name]: true }; },
    // Who chose by pointer what asks for people types their names at once; the keys of a choice go on through it.
    follows(field) {
      setTimeout(() => { const next = this.fields.find((one) => one.kind === "person" && one.when?.[0] === field.name && this.visible(one)); if (next && !this.picked[next.name]?.length) document.getElementById(this.id(next))?.focus(); });
    },
    id(field) { return this.uid + "-" + field.name.replaceAll(".", "-"); },
    describe(field) { return [field.help && this.id(field) + "-help", this.error(field) && this.id(field) + "-error"].filter(Boolean).join(" ") || undefined; },
    common(field) { return { id: this.id(field), name: field.name, required: field.required && field.kind !== "person", "aria-required": field.required || undefined, "aria-invalid": this.error(field) ? "true" : undefined, "aria-describedby": this.describe(field), autocomplete: field.autocomplete || undefined, disabled: field.disabled || undefined }; },
    jump(name) { document.getElementById(this.uid + "-" + name.replaceAll(".", "-"))?.focus(); },
    search(field) { clearTimeout(this.looking); this.openPicker = field.name; this.put(); this.at = 0; this.looking = setTimeout(() => this.$emit("act", { name: "search", key: { field: field.name, text: (this.texts[field.name] || "").slice(0, 100) } }), 160); },
    options(name, text, list) { if ((this.texts[name] || "").slice(0, 100) === text) { this.found = { ...this.found, [name]: list }; this.put(); } },
    put() { // the list of a dialog hangs over its edge, which would cut it
      const box = this.dialog && this.openPicker && document.getElementById(this.id({ name: this.openPicker }))?.getBoundingClientRect();
      const below = box && innerHeight - box.bottom - 12, up = box && below < 200 && box.top > below;
      this.place = box ? { position: "fixed", left: box.left + "px", right: "auto", width: box.width + "px", maxHeight: Math.min(300, up ? box.top - 12 : below) + "px", ...(up ? { top: "auto", bottom: innerHeight - box.top + 4 + "px" } : { top: box.bottom + 4 + "px" }) } : null;
    },
    pick(field, one) {
      const list = field.many ? [...(this.picked[field.name] || []).filter((other) => other.value !== one.value), one] : [one];
      this.picked = { ...this.picked, [field.name]: list };
      this.typed[field.name] = field.many ? list.map((other) => other.value) : one.value;
      this.texts[field.name] = ""; this.openPicker = null; this.touched(field);
      this.$nextTick(() => {
        this.led = !field.many; // a list that opened by itself would lie over what comes below
        (field.many ? document.getElementById(this.id(field)) : this.after(field))?.focus();
        this.led = false;
      });
    },
    after(field) { // whoever has named the one goes on to what is asked next, or to what sends the form
      const named = document.getElementById(this.id(field)), next = this.$refs.form.querySelectorAll("input:not([type=radio]:not(:checked)), select, textarea, button:not([type])");
      return [...next].find((one) => named?.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    },
    drop(field, one) { const list = (this.picked[field.name] || []).filter((other) => other.value !== one.value); this.picked = { ...this.picked, [field.name]: list }; this.typed[field.name] = field.many ? list.map((other) => other.value) : ""; this.openPicker = null; this.$nextTick(() => { this.led = field.many; document.getElementById(this.id(field))?.focus(); this.led = false; }); },
    pickerKey(event, field) {
      const list = this.found[field.name] || [];
      if (event.key === "ArrowDown") { event.preventDefault(); if (this.openPicker !== field.name) return this.search(field); this.at = Math.min(this.at + 1, list.length - 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); this.at = Math.max(0, this.at - 1); }
      else if (event.key === "Enter" && this.openPicker === field.name) { event.preventDefault(); if (list[this.at]) this.pick(field, list[this.at]); }
      else if (event.key === "Escape" && this.openPicker) { event.preventDefault(); event.stopPropagation(); this.openPicker = null; }
    },
    visible(field) { if (!field.when) return true; const value = this.typed[field.when[0]]; return field.when[1].includes(String(value)); },
  },
  template: `
  <component :is="dialog ? 'dialog' : 'div'" :class="dialog ? ['lb-dialog', dialog.side && 'lb-dialog-side', confirm && 'lb-dialog-small'] : 'lb-stack'" :aria-labelledby="dialog ? uid + '--title' : undefined" @close="closed" @cancel="tryClose" @keydown.esc.stop>
    <form ref="form" :class="dialog ? '' : 'lb-form'" :style="dialog ? 'display: flex; flex-direction: column; min-height: 0; flex: 1' : ''" novalidate @submit.prevent="submit">
      <div v-if="dialog" class="lb-dialog-head"><h2 :id="uid + '--title'">{{ dialog.title }}</h2><button type="button" class="lb-tool" :aria-label="t('Close')" @click="tryClose"><lb-icon name="close"/></button></div>
      <div :class="dialog ? 'lb-dialog-body' : 'lb-form'">
        <p v-if="dialog?.text" class="lb-secondary">{{ dialog.text }}</p>
        <div v-if="message" ref="summary" class="lb-summary" role="alert" tabindex="-1"><p><strong>{{ message }}</strong></p><ul><li v-for="one in wrong" :key="one.name"><a v-if="one.field" :href="'#' + id(one.field)" @click.prevent="jump(one.name)">{{ one.field.label }}: {{ one.text }}</a><template v-else>{{ one.text }}</template></li></ul></div>
        <div v-if="restored" class="lb-notebar lb-tone-blue"><lb-icon name="history"/><span>{{ t('What you typed before is back.') }}</span><span class="lb-actions"><button type="button" class="lb-button lb-button-small lb-button-primary" @click="goOn">{{ t('Go on with it') }}</button><button type="button" class="lb-button lb-button-small" @click="reset">{{ t('Discard it') }}</button></span></div>
        <component :is="section.title ? 'fieldset' : 'div'" v-for="(section, number) in sections" :key="number" class="lb-section"><legend v-if="section.title">{{ section.title }}</legend><p v-if="section.help">{{ section.help }}</p>
          <div class="lb-fields"><template v-for="field in section.fields" :key="field.name"><div v-if="visible(field)" :class="['lb-field', field.span && 'lb-field-' + field.span]">
            <template v-if="field.kind === 'checkbox'"><label class="lb-checkline"><input v-model="typed[field.name]" type="checkbox" class="lb-check" v-bind="{ ...common(field), required: undefined }" @change="touched(field)"><span>{{ field.label }}</span></label></template>
            <template v-else-if="field.kind === 'checks' || field.kind === 'radios'"><div role="group" :aria-labelledby="id(field) + '-label'" :aria-describedby="describe(field)"><span :id="id(field) + '-label'" class="lb-label">{{ field.label }} <em v-if="field.required">{{ t('required') }}</em></span>
              <div class="lb-checkgroup" style="margin-top: 4px"><label v-for="(option, index) in field.options" :key="option.value" class="lb-checkline" @click="$event.detail && follows(field)"><input :id="index ? undefined : id(field)" v-model="typed[field.name]" :type="field.kind === 'checks' ? 'checkbox' : 'radio'" :name="field.name" :class="field.kind === 'checks' && 'lb-check'" :value="option.value" @change="touched(field)"><span>{{ option.label }}<small v-if="option.help" class="lb-help" style="display: block">{{ option.help }}</small></span></label></div></div></template>
            <template v-else>
              <label class="lb-label" :for="id(field)">{{ field.label }} <em v-if="field.required">{{ t('required') }}</em></label>
              <textarea v-if="field.kind === 'textarea'" v-model="typed[field.name]" class="lb-input" v-bind="common(field)" :maxlength="field.maxlength" :rows="field.rows" @input="touched(field)"></textarea>
              <select v-else-if="field.kind === 'select'" v-model="typed[field.name]" class="lb-input" v-bind="common(field)" @change="touched(field)"><option v-if="field.blank || field.none || !field.options.some((o) => o.value === typed[field.name])" value="">{{ field.none || (field.required ? t('Choose…') : t('None')) }}</option><option v-for="option in field.options" :key="option.value" :value="option.value">{{ option.label }}</option></select>
              <div v-else-if="field.kind === 'money'" class="lb-money"><input v-model="typed[field.name]" class="lb-input" inputmode="decimal" v-bind="common(field)" maxlength="20" @input="touched(field)"><span aria-hidden="true">{{ field.currency }}</span></div>
              <div v-else-if="field.kind === 'person'" class="lb-picker" @focusout="$event.currentTarget.contains($event.relatedTarget) || (openPicker = null)">
                <div v-if="picked[field.name]?.length" class="lb-picked"><span v-for="one in picked[field.name]" :key="one.value"><lb-avatar :name="one.label" :photo="one.photo" size="small"/>{{ one.label }}<button :id="field.many ? undefined : id(field)" type="button" :aria-label="t('Remove {name}', { name: one.label })" @click="drop(field, one)"><lb-icon name="close"/></button></span></div>
                <input v-if="field.many || !picked[field.name]?.length" v-model="texts[field.name]" class="lb-input" role="combobox" aria-autocomplete="list" v-bind="common(field)" autocomplete="off" :aria-expanded="openPicker === field.name" :aria-controls="id(field) + '-list'" :aria-activedescendant="openPicker === field.name && found[field.name]?.length ? id(field) + '-' + at : undefined" :placeholder="field.placeholder" maxlength="100" @input="search(field)" @focus="led || search(field)" @keydown="pickerKey($event, field)">
                <ul :id="id(field) + '-list'" v-show="openPicker === field.name" :style="place" class="lb-pop lb-picker-list" role="listbox" :aria-label="field.label"><li v-for="(one, index) in found[field.name]" :id="id(field) + '-' + index" :key="one.value" role="option" :aria-selected="index === at" class="lb-pop-item" @mousedown.prevent="pick(field, one)" @mousemove="at = index"><lb-avatar :name="one.label" :photo="one.photo" size="small"/><span>{{ one.label }} <small class="lb-muted">{{ one.detail }}</small></span></li>
                  <li v-if="!found[field.name]?.length" class="lb-pop-head lb-muted" role="option" aria-selected="false" aria-disabled="true">{{ found[field.name] ? t('Nobody found') : t('Searching…') }}</li></ul></div>
              <template v-else><input v-model="typed[field.name]" class="lb-input" :type="field.type" v-bind="common(field)" :maxlength="field.maxlength" :min="field.min" :max="field.max" :step="field.step" :inputmode="field.inputmode" :pattern="field.pattern" :list="field.suggestions ? id(field) + '-known' : undefined" @input="touched(field)"><datalist v-if="field.suggestions" :id="id(field) + '-known'"><option v-for="one in field.suggestions" :key="one" :value="one"></option></datalist></template>
            </template>
            <span v-if="field.help" :id="id(field) + '-help'" class="lb-help">{{ field.help }}</span>
            <span v-if="error(field)" :id="id(field) + '-error'" class="lb-error"><lb-icon name="error"/>{{ error(field) }}</span>
          </div></template></div>
        </component>
      </div>
      <div :class="dialog ? 'lb-dialog-foot' : 'lb-form-foot'">
        <span class="lb-form-state" role="status" :style="dialog ? 'margin-inline-end: auto' : 'order: 3'"><template v-if="state === 'saved'"><lb-icon name="check_circle"/><span>{{ t('Saved') }}</span></template><template v-else-if="state === 'sending'">{{ t('Saving…') }}</template><template v-else-if="state === 'sure'">{{ t('Not saved. Press again to close.') }}</template><template v-else-if="dirty && !dialog">{{ t('Not saved yet') }}</template></span>
        <button v-if="dialog" type="button" class="lb-button" @click="tryClose">{{ t('Cancel') }}</button><a v-else-if="cancel" class="lb-button" style="order: 2" :href="cancel">{{ t('Cancel') }}</a>
        <button v-if="label" class="lb-button" :class="danger ? 'lb-button-danger' : 'lb-button-primary'" :disabled="state === 'sending' || !ready" style="order: 1">{{ label }}</button>
      </div>
    </form>
  </component>`,
};
