// The search and the filter chips above what is no list: a board. It says how much was found, and when nothing was.
import { LbFilters, LbNothing, asking, isFiltered } from "filters";
import { form, number } from "logbook";

export default {
  components: { LbFilters, LbNothing },
  mixins: [asking],
  props: { filters: Array, state: Object, searchLabel: String, noun: Array, found: Number },
  emits: ["act"],
  data: () => ({ said: "" }),
  computed: { nothing() { return isFiltered(this.state) && this.found === 0; } },
  watch: { state() { this.tell(); }, found() { this.tell(); } },
  methods: {
    tell() { this.said = isFiltered(this.state) ? number(this.found) + " " + this.noun[form(this.found)] : ""; },
  },
  template: `
  <div role="search" class="lb-filter-bar" :aria-label="searchLabel"><lb-filters ref="filters" tucked :filters="filters" :state="wanted" searchable :search-label="searchLabel" @ask="want"/>
    <div v-if="nothing" class="lb-empty"><lb-nothing :filters="filters" :state="state" :things="noun[1]" @reset="$refs.filters.reset()"/></div>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </div>`,
};
