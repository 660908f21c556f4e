// Records that belong to this one, with a picker that finds more by typing.
import { shared } from "logbook";

let serial = 0;

export default {
  components: shared,
  props: { items: Array, may: Boolean },
  emits: ["act"],
  data: () => ({ uid: "lb-links-" + ++serial, adding: false, text: "", found: null, at: 0 }),
  methods: {
    start() { this.adding = true; this.text = ""; this.found = null; this.$nextTick(() => { this.$refs.box.focus(); this.look(); }); },
    stop() { this.adding = false; this.$nextTick(() => this.$refs.add?.focus()); },
    look() { clearTimeout(this.later); this.later = setTimeout(() => this.$emit("act", { name: "find", key: this.text.slice(0, 100) }), 160); },
    offer(text, found) { if (text === this.text.slice(0, 100)) { this.found = found; this.at = 0; } },
    pick(one) { this.$emit("act", { name: "add", key: { record: one.record, record_id: one.id } }); this.stop(); },
    key(event) {
      const count = this.found?.length || 0;
      if (event.key === "ArrowDown" && count) { event.preventDefault(); this.at = (this.at + 1) % count; }
      else if (event.key === "ArrowUp" && count) { event.preventDefault(); this.at = (this.at - 1 + count) % count; }
      else if (event.key === "Enter") { event.preventDefault(); if (count) this.pick(this.found[this.at]); }
      else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.stop(); }
    },
  },
  unmounted() { clearTimeout(this.later); },
  template: `
    <section class="lb-card" :aria-label="t('Links')"><div class="lb-card-head"><h2>{{ t('Links') }}</h2><span v-if="items.length" class="lb-count">{{ items.length }}</span><div class="lb-actions"><button v-if="may" ref="add" type="button" class="lb-button lb-button-small" :aria-expanded="String(adding)" @click="adding ? stop() : start()"><lb-icon name="add_link"/>{{ t('Add link') }}</button></div></div>
      <div v-if="adding" class="lb-picker" style="margin-bottom: 10px" @focusout="$event.currentTarget.contains($event.relatedTarget) || (adding = false)">
        <label class="lb-label" :for="uid">{{ t('Find a record') }}</label>
        <input :id="uid" ref="box" v-model="text" class="lb-input" role="combobox" aria-autocomplete="list" aria-expanded="true" :aria-controls="uid + '-list'" :aria-activedescendant="found?.length ? uid + '-' + at : undefined" autocomplete="off" maxlength="100" @input="look" @keydown="key">
        <ul :id="uid + '-list'" class="lb-pop lb-picker-list" role="listbox" :aria-label="t('Found records')"><li v-for="(one, index) in found" :id="uid + '-' + index" :key="one.id" class="lb-pop-item" role="option" :aria-selected="String(index === at)" @mousedown.prevent="pick(one)" @mousemove="at = index"><lb-icon :name="one.icon"/><span>{{ one.title }} <small class="lb-muted">{{ one.label }}</small></span></li>
          <li v-if="!found?.length" class="lb-pop-head lb-muted" role="option" aria-selected="false" aria-disabled="true">{{ found ? t('Nothing found') : t('Searching…') }}</li></ul></div>
      <ul v-if="items.length" class="lb-list"><li v-for="one in items" :key="one.id"><lb-tint :icon="one.icon" tone="brand"/><div class="lb-list-text"><a :href="one.href">{{ one.title }}</a><small>{{ one.label }}</small></div>
        <button v-if="may" type="button" class="lb-tool" :aria-label="t('Remove the link to {name}', { name: one.title })" :title="t('Remove the link to {name}', { name: one.title })" @click="$emit('act', { name: 'remove', key: one.id })"><lb-icon name="link_off"/></button></li></ul>
      <p v-else-if="!adding" class="lb-muted">{{ t('Nothing is linked yet.') }}</p>
    </section>`,
};
