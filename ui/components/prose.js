// A text of a record: shown as it was written, and written anew where it stands.
import { shared } from "logbook";
import { LbRich, LbWriter } from "writing";

export default {
  components: { ...shared, LbRich, LbWriter },
  props: { html: String, label: String, editable: Boolean, empty: String },
  emits: ["act"],
  data: () => ({ writing: false, draft: "", busy: false, problem: "" }),
  computed: { key() { return "logbook-draft:" + location.pathname + ":" + this.label; } },
  watch: { draft() { if (this.writing) this.keep(); } },
  mounted() {
    if (!this.editable) return;
    try { const kept = JSON.parse(sessionStorage.getItem(this.key)); if (kept && kept.from === this.html) { this.draft = kept.draft; this.writing = true; } } catch { /* no draft */ }
  },
  methods: {
    keep() { try { sessionStorage.setItem(this.key, JSON.stringify({ from: this.html, draft: this.draft })); } catch { /* full or private */ } },
    forget() { try { sessionStorage.removeItem(this.key); } catch { /* private mode */ } },
    begin() { this.draft = this.html; this.problem = ""; this.writing = true; },
    leave() { this.writing = false; this.forget(); this.$nextTick(() => this.$refs.edit?.focus()); },
    save() { if (this.busy) return; this.busy = true; this.problem = ""; this.$emit("act", { name: "save", key: this.draft }); },
    // Called by the server: it is stored, or why not.
    saved() { this.busy = false; this.leave(); },
    refused(why) { this.busy = false; this.problem = why; },
  },
  template: `
  <div class="lb-stack">
    <template v-if="writing">
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
