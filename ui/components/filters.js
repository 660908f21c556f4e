// The search and the filter chips of a list or a board; what is asked for goes to whoever shows it.
import { sheets } from "layers";
import { LbIcon, LbMenu, LbTint, t } from "logbook";

const MOST = 4; // chips that stand in one row: those that are set or open, then the first ones; the others wait in a menu

const valueLabels = (filter, values, named) => values.map((value) => filter.options.find((one) => one.value === value)?.label ?? named?.[value] ?? (filter.searched ? t("Somebody") : t("unknown"))).join(", ");
export const isFiltered = (state) => !!state.q || Object.keys(state.filters).length > 0;

function filterText(filters, state, named) {
  const parts = Object.entries(state.filters).map(([name, values]) => { const f = filters.find((one) => one.name === name); return f ? f.label + ": " + valueLabels(f, values, named) : ""; }).filter(Boolean);
  if (state.q) parts.unshift(t("“{text}”", { text: state.q }));
  return parts.join(", ");
}

// What was asked for is what the next change changes, also where there is no answer to it yet: two ticks in a second are two ticks.
const asText = (state) => JSON.stringify({ ...state, filters: Object.entries(state.filters).map((one) => JSON.stringify(one)).sort() });
export const asking = {
  data: () => ({ unanswered: [] }),
  computed: { wanted() { return this.unanswered.at(-1) ?? this.state; } },
  watch: {
    state(now, before) {
      if (asText(now) === asText(before)) return;
      this.unanswered.splice(0, (this.unanswered.findIndex((one) => asText(one) === asText(now)) + 1) || Infinity); // all of them where it is what nobody asked for
    },
  },
  methods: { want(change) { this.unanswered.push({ ...this.wanted, ...change }); this.$emit("act", { name: "state", key: this.wanted }); } },
};

export const LbFilters = {
  components: { LbIcon, LbMenu },
  mixins: [sheets],
  props: { filters: Array, state: Object, named: Object, searchable: Boolean, searchLabel: String, tucked: Boolean }, // tucked: on a phone the search waits behind the button too
  emits: ["ask", "find"],
  data() { return { text: this.state.q, open: null, narrow: false, unfolded: false, looked: "", found: null, picked: {}, ticked: [] }; },
  computed: {
    offered() { return this.filters.filter((one) => one.options.length || one.searched || this.state.filters[one.name]); },
    filtered() { return isFiltered(this.state); },
    foldable() { return this.narrow && (this.tucked || this.offered.length > 2); },
    folded() { return this.foldable && !this.unfolded; },
    shown() {
      if (this.narrow) return this.folded ? [] : this.offered;
      if (this.offered.length <= MOST + 1) return this.offered;
      const used = this.offered.filter((one) => this.state.filters[one.name] || this.open === one.name);
      const unused = this.offered.filter((one) => !used.includes(one)).slice(0, Math.max(0, MOST - used.length));
      return this.offered.filter((one) => used.includes(one) || unused.includes(one));
    },
    rest() { return this.narrow ? [] : this.offered.filter((one) => !this.shown.includes(one)); },
    asked() { return filterText(this.filters, this.state, { ...this.picked, ...this.named }); },
    count() { return Object.keys(this.state.filters).length + (this.tucked && this.state.q ? 1 : 0); },
  },
  watch: { "state.q"(value) { if (document.activeElement !== this.$refs.search) this.text = value; } },
  mounted() {
    this.media = matchMedia("(max-width: 720px)");
    this.narrow = this.media.matches;
    this.media.onchange = (event) => (this.narrow = event.matches);
    document.addEventListener("pointerdown", this.outside, true);
  },
  unmounted() { document.removeEventListener("pointerdown", this.outside, true); this.media.onchange = null; clearTimeout(this.later); clearTimeout(this.finding); },
  methods: {
    valueLabels(filter, values) { return valueLabels(filter, values, { ...this.picked, ...this.named }); },
    // What may be ticked in a filter: its own words, those who are or were chosen since it was opened, and those whom the search has found.
    options(filter) {
      if (!filter.searched) return filter.options;
      const known = new Set(filter.options.map((one) => one.value)), chosen = [...new Set([...this.ticked, ...(this.state.filters[filter.name] || [])])].filter((value) => !known.has(value));
      const found = (this.found || []).filter((one) => !chosen.includes(one.value));
      return [...filter.options, ...chosen.map((value) => ({ value, label: this.valueLabels(filter, [value]) })), ...found];
    },
    find(filter) { clearTimeout(this.finding); this.finding = setTimeout(() => this.$emit("find", { filter: filter.name, text: this.looked.slice(0, 100) }), 160); },
    offer(name, text, list) { if (this.open === name && this.looked.slice(0, 100) === text) this.found = text.trim() ? list : null; },
    ask(change) { clearTimeout(this.later); this.$emit("ask", change); },
    typed() { clearTimeout(this.later); this.later = setTimeout(() => this.ask({ q: this.text.slice(0, 200) }), 220); },
    anchor() { return this.$refs.anchors?.find((one) => one.dataset.filterName === this.open); },
    outside(event) { if (this.open && !this.anchor()?.contains(event.target)) this.open = null; },
    toggle(name) { this.looked = ""; this.found = null; this.ticked = [...(this.state.filters[name] || [])]; this.open = this.open === name ? null : name; if (this.open) this.$nextTick(() => this.anchor()?.querySelector(".lb-filter-pop input, .lb-filter-pop button")?.focus()); },
    close() { const anchor = this.anchor(); this.open = null; this.$nextTick(() => (anchor?.isConnected ? anchor.querySelector("button") : this.$refs.more?.$refs.button)?.focus()); },
    pick(filter, value, on) {
      const values = new Set(this.state.filters[filter.name] || []);
      if (!filter.many) values.clear();
      on ? values.add(value) : values.delete(value);
      if (filter.searched) this.picked[value] = this.options(filter).find((one) => one.value === value)?.label;
      this.ticked.push(value);
      this.choose(filter, [...values]);
    },
    choose(filter, values) {
      const filters = { ...this.state.filters, [filter.name]: values };
      if (!values.length) delete filters[filter.name];
      this.ask({ filters });
    },
    reset() { this.text = ""; this.ask({ q: "", filters: {} }); this.$refs.search?.focus(); },
  },
  template: `
    <div v-if="searchable && !(tucked && folded)" class="lb-field-search"><lb-icon name="search"/><input ref="search" v-model="text" type="search" data-filter :aria-label="searchLabel" :placeholder="searchLabel" autocomplete="off" maxlength="200" @input="typed" @keydown.enter.prevent="ask({ q: text })"></div>
    <button v-if="foldable" type="button" :class="['lb-filter', 'lb-filter-fold', count && 'lb-filter-on']" :aria-expanded="unfolded" :title="t('Filters')" @click="unfolded = !unfolded"><lb-icon name="tune"/><span class="lb-hidden">{{ t('Filters') }}<template v-if="count">: </template></span><template v-if="count">{{ count }}</template></button>
    <span v-for="filter in shown" :key="filter.name" ref="anchors" class="lb-anchor" :data-filter-name="filter.name" @keydown.esc.stop="close()">
      <button type="button" :class="['lb-filter', state.filters[filter.name] && 'lb-filter-on']" :data-opens="filter.name" :aria-expanded="open === filter.name" aria-haspopup="true" @click="toggle(filter.name)"><lb-icon :name="state.filters[filter.name] ? 'filter_alt' : 'add'"/>{{ filter.label }}<template v-if="state.filters[filter.name]">: {{ valueLabels(filter, state.filters[filter.name]) }}</template></button>
      <fieldset v-if="open === filter.name" class="lb-pop lb-filter-pop"><legend class="lb-hidden">{{ filter.label }}</legend>
        <div v-if="filter.searched" class="lb-field-search"><lb-icon name="search"/><input v-model="looked" type="search" :aria-label="t('Find somebody')" :placeholder="t('Find somebody')" autocomplete="off" maxlength="100" @input="find(filter)" @keydown.enter.prevent></div>
        <label v-for="option in options(filter)" :key="option.value"><input :type="filter.many ? 'checkbox' : 'radio'" :name="filter.name" :class="filter.many && 'lb-check'" :checked="(state.filters[filter.name] || []).includes(option.value)" @change="pick(filter, option.value, $event.target.checked)"><span>{{ option.label }}</span><small v-if="option.detail" class="lb-muted">{{ option.detail }}</small><span v-if="option.count !== undefined" class="lb-count">{{ option.count }}</span></label>
        <p v-if="filter.searched" :class="found && !found.length ? 'lb-filter-none' : 'lb-hidden'" role="status">{{ found ? (found.length ? t('{count} found', { count: found.length }) : t('Nobody found')) : "" }}</p>
        <button v-if="state.filters[filter.name]" type="button" class="lb-button lb-button-small lb-button-quiet" @click="choose(filter, []); close()">{{ t('Clear') }}</button>
      </fieldset>
    </span>
    <lb-menu v-if="rest.length" ref="more" :items="rest" :label="t('More filters')" :text="t('More filters')" icon="add" button-class="lb-filter" @choose="toggle($event.name)"/>
    <button v-if="filtered && !(tucked && folded)" type="button" class="lb-button lb-button-small lb-button-quiet" @click="reset">{{ t('Clear all') }}</button>
    <p v-if="filtered" class="lb-asked">{{ asked }}</p>`,
};

// What a list or a board says when its filter finds nothing.
export const LbNothing = {
  components: { LbTint },
  props: { filters: Array, state: Object, named: Object, things: String },
  emits: ["reset"],
  methods: { filterText },
  template: `
    <lb-tint icon="filter_alt_off"/><h2>{{ t('Nothing matches') }}</h2><p>{{ t('No {things} for {filter}.', { things, filter: filterText(filters, state, named) }) }}</p><div class="lb-actions"><button type="button" class="lb-button" @click="$emit('reset')">{{ t('Clear the filter') }}</button></div>`,
};
