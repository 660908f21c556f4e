// A text of a record: shown as it was written, and written anew where it stands.
import { shared } from "logbook";
import { LbRich, LbWriter } from "writing";
import { done, forget, hold, keep, kept, release } from "drafts";

export default {
  components: { ...shared, LbRich, LbWriter },
  props: { place: String, html: String, label: String, editable: Boolean, empty: String },
  emits: ["act"],
  data: () => ({ writing: false, draft: "", busy: false, problem: "", restored: false }),
  watch: { draft() { if (this.writing) keep(this.place, this.draft && this.draft !== this.html ? { rich: this.draft } : null); } },
  mounted() {
    if (!this.editable) return;
    kept(this.place).then((begun) => { if (begun && !this.writing && !this.gone) { this.draft = begun.rich ?? ""; this.writing = this.restored = true; } });
  },
  unmounted() { this.gone = true; },
  methods: {
    begin() { this.draft = this.html; this.problem = ""; this.writing = true; },
    leave() { forget(this.place); this.close(); },
    close() { this.writing = this.restored = false; this.$nextTick(() => this.$refs.edit?.focus()); },
    async save() { if (this.busy) return; this.busy = true; this.problem = ""; await hold(this.place); this.$emit("act", { name: "save", key: this.draft }); },
    // Called by the server: it is stored, or why not.
    saved() { this.busy = false; done(this.place); this.close(); },
    refused(why) { this.busy = false; this.problem = why; release(this.place); },
  },
  template: `
  <div class="lb-stack">
    <template v-if="writing">
      <div v-if="restored" class="lb-notebar lb-tone-blue"><lb-icon name="history"/><span>{{ t('What you typed before is back.') }}</span><button type="button" class="lb-button lb-button-small" @click="leave">{{ t('Discard it') }}</button></div>
      <lb-writer v-model="draft" :label="label" autofocus :invalid="!!problem" @send="save" @leave="leave"/>
      <p v-if="problem" class="lb-error" role="alert"><lb-icon name="error"/>{{ problem }}</p>
      <div class="lb-actions"><button type="button" class="lb-button lb-button-primary" :disabled="busy" @click="save">{{ t('Save') }}</button><button type="button" class="lb-button" :disabled="busy" @click="leave">{{ t('Cancel') }}</button></div>
    </template>
    <template v-else>
      <lb-rich v-if="html" :html="html"/><p v-else class="lb-muted">{{ empty }}</p>
      <div v-if="editable" class="lb-actions"><button ref="edit" type="button" class="lb-button lb-button-small" @click="begin"><lb-icon name="edit"/>{{ html ? t('Edit') : t('Write one') }}<span class="lb-hidden"> {{ label }}</span></button></div>
    </template>
  </div>`,
};
