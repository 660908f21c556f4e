// What happened to a record, newest first: who, what, old and new, when, from where; filtered here, taken back in the server.
import { shared } from "logbook";

let serial = 0;

export default {
  components: shared,
  props: { entries: Array, more: Boolean },
  emits: ["act"],
  data: () => ({ uid: "lb-activity-" + ++serial, what: "", who: "", busy: 0 }),
  computed: {
    kinds() { return [...new Set(this.entries.map((one) => one.kind))]; },
    people() { return [...new Set(this.entries.map((one) => one.who))].sort(); },
    shown() { return this.entries.filter((one) => (!this.what || one.kind === this.what) && (!this.who || one.who === this.who)); },
  },
  watch: { entries() { this.busy = 0; } },
  mounted() { this.jump(); addEventListener("hashchange", this.jump); },
  unmounted() { removeEventListener("hashchange", this.jump); },
  methods: {
    jump() { const id = location.hash.startsWith("#activity-") && location.hash.slice(1); if (id) this.$nextTick(() => { const one = document.getElementById(id); one?.scrollIntoView({ block: "center" }); one?.focus({ preventScroll: true }); }); },
    undo(one) { this.busy = one.id; this.$emit("act", { name: "undo", key: one.id }); setTimeout(() => (this.busy = 0), 5000); },
  },
  template: `
    <section class="lb-card" :aria-label="t('Activity')"><div class="lb-card-head"><h2>{{ t('Activity') }}</h2></div>
      <div v-if="kinds.length > 1 || people.length > 1" class="lb-activity-filter"><label :for="uid + '-what'" class="lb-label">{{ t('What') }}</label><select :id="uid + '-what'" v-model="what" class="lb-input"><option value="">{{ t('Everything') }}</option><option v-for="one in kinds" :key="one" :value="one">{{ one }}</option></select>
        <label :for="uid + '-who'" class="lb-label">{{ t('Who') }}</label><select :id="uid + '-who'" v-model="who" class="lb-input"><option value="">{{ t('Everybody') }}</option><option v-for="one in people" :key="one" :value="one">{{ one }}</option></select></div>
      <ol v-if="shown.length" class="lb-timeline"><li v-for="one in shown" :id="'activity-' + one.id" :key="one.id" tabindex="-1"><lb-tint :icon="one.icon" tone="grey"/>
        <div class="lb-list-text"><strong style="font-weight: 600">{{ one.who }}</strong> {{ one.text }}
          <span v-for="change in one.changes" :key="change.label" class="lb-change">{{ change.label }}: <s v-if="change.old">{{ change.old }}</s><span v-if="change.old" :aria-label="t('became')"> → </span>{{ change.new || t('removed') }}</span>
          <span v-if="one.reason" class="lb-change">{{ one.reason }}</span>
          <small><a class="lb-activity-link" :href="'#activity-' + one.id" :aria-label="t('Link to this entry')"><lb-time :value="one.at"/></a> · {{ one.how }}</small></div>
        <button v-if="one.mayUndo" type="button" class="lb-button lb-button-small" :disabled="busy === one.id" :aria-label="t('Undo: {text}', { text: one.text })" @click="undo(one)"><lb-icon name="undo"/>{{ t('Undo') }}</button></li></ol>
      <p v-else class="lb-muted" role="status">{{ entries.length ? t('Nothing like that in what is shown.') : t('Nothing has happened yet.') }}</p>
      <button v-if="more" type="button" class="lb-button lb-button-small" @click="$emit('act', { name: 'more' })">{{ t('Show older') }}</button>
    </section>`,
};
