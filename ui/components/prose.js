// A text of a record: shown as it was written, and written anew where it stands.
import { shared } from "logbook";
import { LbRich, LbWriter } from "writing";
import { done, forget, hold, keep, kept, release } from "drafts";

export default {
  components: { ...shared, LbRich, LbWriter },
  props: { place: String, html: String, mark: String, label: String, editable: Boolean, empty: String },
  emits: ["act"],
  data: () => ({ writing: false, draft: "", busy: false, problem: "", restored: false, was: "", theirs: null }),
  watch: { draft() { if (this.writing) keep(this.place, this.draft && this.draft !== this.html ? { typed: { was: this.was }, rich: this.draft } : null); } },
  mounted() {
    if (!this.editable) return;
    kept(this.place).then((begun) => { if (begun && !this.writing && !this.gone) { this.draft = begun.rich ?? ""; this.was = begun.typed?.was ?? this.mark; this.writing = this.restored = true; } });
  },
  unmounted() { this.gone = true; },
  methods: {
    begin() { this.draft = this.html; this.was = this.mark; this.problem = ""; this.writing = true; },
    goOn() { this.restored = false; this.$el.querySelector("[contenteditable]")?.focus(); },
    leave() { forget(this.place); this.close(); },
    close() { this.writing = this.restored = false; this.theirs = null; this.$nextTick(() => this.$refs.edit?.focus()); },
    async save() { if (this.busy) return; this.busy = true; this.problem = ""; await hold(this.place); this.$emit("act", { name: "save", key: { html: this.draft, was: this.was } }); },
    mine() { this.was = this.theirs.mark; this.theirs = null; this.save(); },
    // Called by the server: it is stored, or why not, or who has changed it since the writing began.
    saved() { this.busy = false; done(this.place); this.close(); },
    refused(why) { this.busy = false; this.problem = why; release(this.place); },
    clashed(name, html, mark) { this.busy = false; this.theirs = { name, html, mark }; release(this.place); },
  },
  template: `
  <div class="lb-stack">
    <template v-if="writing">
      <div v-if="restored" class="lb-notebar lb-tone-blue"><lb-icon name="history"/><span>{{ t('What you typed before is back.') }}</span><span class="lb-actions"><button type="button" class="lb-button lb-button-small lb-button-primary" @click="goOn">{{ t('Go on with it') }}</button><button type="button" class="lb-button lb-button-small" :disabled="busy" @click="leave">{{ t('Discard it') }}</button></span></div>
      <lb-writer v-model="draft" :label="label" autofocus :invalid="!!problem" @send="save" @leave="leave"/>
      <p v-if="problem" class="lb-error" role="alert"><lb-icon name="error"/>{{ problem }}</p>
      <div v-if="theirs" class="lb-editable-note lb-tone-red" role="alert"><span><lb-icon name="error"/>{{ t('{name} changed this text meanwhile. It says now:', { name: theirs.name }) }}</span><lb-rich v-if="theirs.html" :html="theirs.html"/><span v-else>{{ empty }}</span></div>
      <div v-if="theirs" class="lb-actions"><button type="button" class="lb-button lb-button-primary" @click="mine">{{ t('Save mine') }}</button><button type="button" class="lb-button" @click="leave">{{ t('Keep theirs') }}</button></div>
      <div v-else class="lb-actions"><button type="button" class="lb-button lb-button-primary" :disabled="busy" @click="save">{{ t('Save') }}</button><button type="button" class="lb-button" :disabled="busy" @click="leave">{{ t('Cancel') }}</button></div>
    </template>
    <template v-else>
      <lb-rich v-if="html" :html="html"/><p v-else class="lb-muted">{{ empty }}</p>
      <div v-if="editable" class="lb-actions"><button ref="edit" type="button" class="lb-button lb-button-small" @click="begin"><lb-icon name="edit"/>{{ html ? t('Edit') : t('Write one') }}<span class="lb-hidden"> {{ label }}</span></button></div>
    </template>
  </div>`,
};
