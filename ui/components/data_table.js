// A list with search, filters, sort, pages, columns, selection and export; the server holds the rows, this draws one page of them.
import { LbFilters, LbNothing, asking, isFiltered } from "filters";
import { sheets } from "layers";
import { carrying, form, number, seen, shared, t } from "logbook";

const SHOWN_KEY = "logbook-columns:";

export default {
  components: { ...shared, LbFilters, LbNothing },
  mixins: [asking, sheets],
  props: {
    name: String, label: String, columns: Array, filters: Array, rows: Array, total: Number, state: Object, loading: Boolean, failed: String, bulk: Array, exports: Array, views: Array, canSave: Boolean, view: String, canShare: Boolean, shown: String,
    searchable: Boolean, searchLabel: String, selectable: Boolean, carried: String, cards: Boolean, switchable: Boolean, empty: Object, menus: Object, sizes: Array, noun: Array, actions: Array, named: Object,
  },
  emits: ["act"],
  data() {
    let hidden = null;
    try { hidden = JSON.parse(localStorage.getItem(SHOWN_KEY + this.name)); } catch { /* none kept */ }
    return { chosen: new Map(), all: false, open: null, hidden: Array.isArray(hidden) ? hidden : this.columns.filter((one) => one.hidden).map((one) => one.name), asCards: this.cards, narrow: false, folds: 0, draft: "", draftShared: false, renaming: null, said: "", newer: new Map(), head: this.label };
  },
  computed: {
    lines() { return this.rows.map((row) => this.newer.get(row.id) ?? row); },
    visible() { return this.columns.filter((one) => !this.hidden.includes(one.name) || one.fixed); },
    across() { return this.folds ? this.visible.slice(0, -this.folds) : this.visible; },
    folded() { return this.folds ? this.visible.slice(-this.folds) : []; }, // what has no room beside stands in a line below the name
    current() { return this.views.find((one) => one.id === this.view); },
    changed() { return !!this.current && this.current.state !== this.shown; },
    grid() { return this.narrow || this.asCards; },
    pages() { return Math.max(1, Math.ceil(this.total / this.state.page_size)); },
    first() { return this.total ? (this.state.page - 1) * this.state.page_size + 1 : 0; },
    last() { return Math.min(this.total, this.state.page * this.state.page_size); },
    filtered() { return isFiltered(this.state); },
    count() { return this.all ? this.total : this.chosen.size; },
    pageState() { const on = this.rows.filter((row) => this.all || this.chosen.has(row.id)).length; return on === 0 ? "none" : on === this.rows.length ? "all" : "some"; },
    choosable() { return this.columns.length > 4 || this.columns.some((one) => one.hidden) || this.switchable || (this.grid && this.sortable.length > 1); },
    bare() { return !this.searchable && !this.titled && !this.filters.length && !this.choosable && !this.exports.length && !this.canSave && !this.actions.length; },
    sortable() { return this.columns.filter((one) => one.sort); },
    titled() { return !this.searchable && this.head !== this.label; },
  },
  watch: {
    visible() { this.fold(); },
    grid() { this.fold(); },
    rows() { this.fold(); this.newer = new Map(); this.said = number(this.total) + " " + this.nounFor(this.total); },
  },
  mounted() {
    this.media = matchMedia("(max-width: 720px)");
    this.narrow = this.media.matches;
    this.head = this.$el.closest(".lb-screen")?.querySelector("h1")?.textContent.trim();
    this.media.onchange = (event) => (this.narrow = event.matches);
    this.paper = matchMedia("print");
    this.paper.onchange = () => this.fold();
    this.room = new ResizeObserver(([{ contentRect }]) => { if (this.wide !== contentRect.width) { this.wide = contentRect.width; this.fold(); } });
    this.room.observe(this.$el);
    document.addEventListener("pointerdown", this.outside, true);
  },
  unmounted() { this.room.disconnect(); this.paper.onchange = null; document.removeEventListener("pointerdown", this.outside, true); this.media.onchange = null; },
  methods: {
    // The last columns go below the name of each row where the table is wider than its place; on paper all stand beside each other.
    async fold() {
      this.folds = 0;
      await this.$nextTick();
      const wrap = this.$refs.wrap;
      let over = wrap && !this.paper.matches ? wrap.scrollWidth - wrap.clientWidth : 0;
      if (over <= 0) return;
      const widths = [...wrap.querySelectorAll("th[data-column]")].map((one) => one.offsetWidth);
      let folds = 0;
      while (over > 0 && widths.length > 1) { over -= widths.pop(); folds++; }
      this.folds = folds;
    },
    replace(...rows) { for (const row of rows.flat()) this.newer.set(row.id, row); },
    nounFor(count) { return this.noun[form(count)]; },
    act(name, key) { this.$emit("act", key === undefined ? { name } : { name, key }); },
    ask(change) { this.want({ page: 1, ...change }); if (!("page" in change)) this.clear(); },
    sort(column) { const same = this.wanted.sort === column.sort; this.ask({ sort: column.sort, descending: same ? !this.wanted.descending : false }); },
    direction(column) { return this.state.sort !== column.sort ? "none" : this.state.descending ? "descending" : "ascending"; },
    go(page) { this.want({ page }); this.$el.scrollIntoView({ block: "start" }); },
    // Called by the server with what a search in a filter has found.
    offer(name, text, list) { this.$refs.filters?.offer(name, text, list); },
    outside(event) { if (this.open && !event.target.closest("[data-pop]")) this.close(false); },
    toggle(name) { this.open = this.open === name ? null : name; if (this.open) this.$nextTick(() => this.$el.querySelector(".lb-filter-pop input, .lb-filter-pop button")?.focus()); },
    close(focus = true) { const name = this.open; this.open = null; if (focus && name) this.$el.querySelector('[data-opens="' + CSS.escape(name) + '"]')?.focus(); },
    column(name, on) { this.hidden = on ? this.hidden.filter((one) => one !== name) : [...this.hidden, name]; try { localStorage.setItem(SHOWN_KEY + this.name, JSON.stringify(this.hidden)); } catch { /* private mode */ } },
    select(row, on) { this.all = false; on ? this.chosen.set(row.id, row.label) : this.chosen.delete(row.id); this.chosen = new Map(this.chosen); },
    selectPage(on) { this.all = false; const next = new Map(this.chosen); for (const row of this.rows) on ? next.set(row.id, row.label) : next.delete(row.id); this.chosen = next; },
    clear() { this.all = false; this.chosen = new Map(); },
    run(one) { this.act(one.name, this.all ? { all: true, ids: [] } : { all: false, ids: [...this.chosen.keys()].slice(0, 1000) }); },
    wraps(kind, value) { const said = value?.text ?? value; return ["text", "link", "tags"].includes(kind) && (Array.isArray(said) ? said.length > 2 : typeof said === "string" && said.length > 30); },
    isVoid(value) { return value === null || value === undefined || value.length === 0; },
    rowMenu(row) { return (this.menus?.items || []).filter((one) => !row.without?.includes(one.name)); },
    beside(row) { return this.rowMenu(row).filter((one) => one.beside); },
    hid(row) { return this.rowMenu(row).filter((one) => !one.beside); },
    rowAct(row, item) { this.act(item.name, row.id); },
    viewAct(what, id, rest = {}) { this.act("views", { do: what, id, ...rest }); },
    openViews() { this.toggle("views"); this.renaming = null; this.draft = ""; this.draftShared = false; if (this.open) this.act("list-views"); },
    openView(view) { this.close(); this.clear(); this.viewAct("open", view.id); },
    saveView() {
      seen("views");
      const name = this.draft.trim().slice(0, 80);
      if (!name) return;
      if (this.renaming) this.viewAct("rename", this.renaming, { name }); else this.viewAct("add", undefined, { name, shared: this.draftShared });
      this.draft = ""; this.renaming = null; this.close();
    },
    viewMenu(view) {
      const item = (name, label, icon, danger) => ({ name, label, icon, danger });
      return [
        view.default ? item("no-default", t("Open the list without it"), "bookmark") : item("default", t("Open the list with it"), "bookmark"),
        ...(view.change ? [item("rename", t("Rename"), "edit")] : []),
        ...(view.own && this.canShare ? [view.shared ? item("keep", t("Keep to myself"), "lock") : item("share", t("Share with everybody"), "group")] : []),
        ...(view.change ? [item("remove", t("Remove"), "delete", true)] : []),
      ];
    },
    viewChosen(view, item) {
      if (item.name !== "rename") return this.viewAct(item.name, view.id);
      this.renaming = view.id; this.draft = view.label;
      this.$nextTick(() => { this.$refs.viewName?.focus(); this.$refs.viewName?.select(); });
    },
    link(row) { return row.href && carrying(row.href, this.carried); },
    title(row) { return row.cells[this.columns[0].name]; },
  },
  template: `
  <section class="lb-card lb-card-flush" :aria-label="label" :aria-busy="loading">
    <div v-if="!bare" class="lb-table-bar">
      <h2 v-if="titled" class="lb-table-title">{{ label }}</h2>
      <lb-filters ref="filters" :filters="filters" :state="wanted" :named="named" :searchable="searchable" :search-label="searchLabel" @ask="ask" @find="act('find', $event)"/>
      <lb-tip v-if="canSave && filtered && !current" name="views">{{ t('Needed again? Keep what is shown as a view, for you or for everybody.') }}</lb-tip>
      <div class="lb-table-end">
        <span v-if="canSave" class="lb-anchor" data-pop @keydown.esc.stop="close()">
          <button type="button" :class="['lb-button', 'lb-button-small', current && 'lb-view-on']" data-opens="views" :aria-expanded="open === 'views'" @click="openViews"><lb-icon name="bookmark"/><span :class="!current && 'lb-desk-word'">{{ current ? current.label : t('Views') }}{{ changed ? t(', changed') : '' }}</span></button>
          <div v-if="open === 'views'" class="lb-pop lb-filter-pop lb-views" role="group" :aria-label="t('Saved views')">
            <ul v-if="views.length"><li v-for="one in views" :key="one.id">
              <button type="button" class="lb-pop-item" :aria-current="one.id === view || undefined" @click="openView(one)"><lb-icon :name="one.shared ? 'group' : 'bookmark'"/><span class="lb-view-name">{{ one.label }}<small v-if="one.shared || one.default">{{ [one.shared && t('shared'), one.default && t('opens first')].filter(Boolean).join(', ') }}</small></span><span v-if="one.count !== undefined" class="lb-count">{{ one.count }}<span class="lb-hidden"> {{ nounFor(one.count) }}</span></span></button>
              <lb-menu :items="viewMenu(one)" :label="t('More for the view {name}', { name: one.label })" @choose="viewChosen(one, $event)"/></li></ul>
            <p v-else class="lb-views-empty">{{ t('Search, filter and sort, then keep it here under a name.') }}</p>
            <button v-if="changed && current.change" type="button" class="lb-pop-item" @click="viewAct('save', current.id); close()"><lb-icon name="check"/><span>{{ t('Save changes to “{name}”', { name: current.label }) }}</span></button>
            <form @submit.prevent="saveView"><label class="lb-label">{{ renaming ? t('New name') : t('Save what is shown as') }}<input ref="viewName" v-model="draft" class="lb-input" maxlength="80" autocomplete="off"></label>
              <label v-if="canShare && !renaming" class="lb-checkline"><input v-model="draftShared" type="checkbox" class="lb-check"><span>{{ t('Share with everybody') }}</span></label>
              <button class="lb-button lb-button-small">{{ renaming ? t('Rename') : t('Save view') }}</button></form>
          </div></span>
        <span v-if="choosable" class="lb-anchor" data-pop @keydown.esc.stop="close()">
          <button type="button" class="lb-button lb-button-small" data-opens="columns" :aria-label="t('Columns and sorting')" :title="t('Columns and sorting')" :aria-expanded="open === 'columns'" @click="toggle('columns')"><lb-icon name="view_column"/></button>
          <div v-if="open === 'columns'" class="lb-pop lb-filter-pop" style="inset-inline: auto 0">
            <template v-if="(grid || folds) && sortable.length"><label class="lb-label" style="display: block">{{ t('Sort by') }}<select class="lb-input" :value="state.sort" @change="ask({ sort: $event.target.value })"><option v-for="one in sortable" :key="one.sort" :value="one.sort">{{ one.label }}</option></select></label>
              <label><input type="checkbox" class="lb-check" :checked="state.descending" @change="ask({ descending: $event.target.checked })"><span>{{ t('Descending') }}</span></label><hr></template>
            <label v-for="one in columns.filter((column) => !column.fixed)" :key="one.name"><input type="checkbox" class="lb-check" :checked="!hidden.includes(one.name)" @change="column(one.name, $event.target.checked)"><span>{{ one.label }}</span></label>
            <template v-if="switchable && !narrow"><hr><label><input type="checkbox" class="lb-check" :checked="asCards" @change="asCards = $event.target.checked"><span>{{ t('Show as cards') }}</span></label></template>
          </div></span>
        <lb-menu v-if="exports.length" :items="exports" :label="exports.some((one) => !one.download) ? t('Export and print') : t('Export')" icon="download" button-class="lb-button lb-button-small" @choose="act($event.name)"/>
        <lb-actions :actions="actions" @choose="act($event.name)"/>
      </div>
    </div>

    <div v-if="failed" class="lb-empty"><lb-tint icon="cloud_off" tone="red"/><h2>{{ t('This list could not be loaded') }}</h2><p>{{ failed }}</p><div class="lb-actions"><button type="button" class="lb-button" @click="ask({ page: state.page })">{{ t('Try again') }}</button></div></div>

    <div v-else-if="!loading && !rows.length" class="lb-empty">
      <lb-nothing v-if="filtered" :filters="filters" :state="state" :named="named" :things="noun[1]" @reset="$refs.filters.reset()"/>
      <template v-else><lb-tint :icon="empty.icon" tone="brand"/><h2>{{ empty.title }}</h2><p>{{ empty.text }}</p><lb-actions :actions="empty.actions" @choose="act($event.name)"/></template>
    </div>

    <ul v-else-if="grid" class="lb-cards">
      <template v-if="loading && !rows.length"><li v-for="n in 6" :key="n" aria-hidden="true"><span class="lb-skeleton"></span><span class="lb-skeleton" style="width: 60%"></span></li></template>
      <li v-for="row in lines" :key="row.id" :class="(all || chosen.has(row.id)) && 'lb-selected'">
        <div class="lb-card-top"><input v-if="selectable" type="checkbox" class="lb-check" :aria-label="t('Select {name}', { name: row.label })" :checked="all || chosen.has(row.id)" @change="select(row, $event.target.checked)">
          <div><lb-cell :kind="columns[0].kind" :value="title(row)" :href="link(row)"/></div><span><button v-for="one in beside(row)" :key="one.name" type="button" class="lb-button lb-button-small" :aria-label="t('{act}: {name}', { act: one.label, name: row.label })" @click="rowAct(row, one)"><lb-icon v-if="one.icon" :name="one.icon"/>{{ one.label }}</button><lb-menu v-if="hid(row).length" :items="hid(row)" :label="t('Actions for {name}', { name: row.label })" @choose="rowAct(row, $event)"/></span></div>
        <dl><div v-for="one in visible.slice(1)" :key="one.name" :data-kind="one.kind" :class="isVoid(row.cells[one.name]) && 'lb-void'"><dt>{{ one.label }}</dt><dd><lb-cell :kind="one.kind" :value="row.cells[one.name]"/></dd></div></dl>
      </li>
    </ul>

    <div v-else ref="wrap" class="lb-table-wrap" tabindex="-1">
      <table class="lb-table"><caption class="lb-hidden">{{ label }}</caption>
        <thead><tr>
          <th v-if="selectable" class="lb-check-cell" scope="col"><input type="checkbox" class="lb-check" :aria-label="t('Select all on this page')" :checked="pageState === 'all'" :indeterminate="pageState === 'some'" @change="selectPage($event.target.checked)"></th>
          <th v-for="one in across" :key="one.name" scope="col" :data-column="one.name" :class="one.end && 'lb-end'" :style="one.width ? { width: one.width } : undefined" :aria-sort="one.sort ? direction(one) : undefined"><button v-if="one.sort" type="button" @click="sort(one)">{{ one.label }}<lb-icon :name="state.sort === one.sort && state.descending ? 'arrow_downward' : 'arrow_upward'"/></button><template v-else>{{ one.label }}</template></th>
          <th v-if="menus" class="lb-menu-cell" scope="col"><span class="lb-hidden">{{ t('Actions') }}</span></th>
        </tr></thead>
        <tbody>
          <template v-if="loading && !rows.length"><tr v-for="n in 8" :key="n" aria-hidden="true"><td v-for="m in across.length + (selectable ? 1 : 0) + (menus ? 1 : 0)" :key="m"><span class="lb-skeleton" :style="{ width: 40 + ((n * 7 + m * 13) % 50) + '%' }"></span></td></tr></template>
          <tr v-for="row in lines" :key="row.id" :class="(all || chosen.has(row.id)) && 'lb-selected'">
            <td v-if="selectable" class="lb-check-cell"><input type="checkbox" class="lb-check" :aria-label="t('Select {name}', { name: row.label })" :checked="all || chosen.has(row.id)" @change="select(row, $event.target.checked)"></td>
            <td v-for="(one, index) in across" :key="one.name" :class="[one.end && 'lb-end', !index && 'lb-first', wraps(one.kind, row.cells[one.name]) && 'lb-wraps']"><lb-cell :kind="one.kind" :value="row.cells[one.name]" :href="index ? undefined : link(row)"/>
              <dl v-if="!index && folded.length" class="lb-folded"><template v-for="other in folded" :key="other.name"><div v-if="!isVoid(row.cells[other.name])"><dt>{{ other.label }}</dt><dd><lb-cell :kind="other.kind" :value="row.cells[other.name]"/></dd></div></template></dl></td>
            <td v-if="menus" class="lb-menu-cell"><button v-for="one in beside(row)" :key="one.name" type="button" class="lb-button lb-button-small" :aria-label="t('{act}: {name}', { act: one.label, name: row.label })" @click="rowAct(row, one)"><lb-icon v-if="one.icon" :name="one.icon"/>{{ one.label }}</button><lb-menu v-if="hid(row).length" :items="hid(row)" :label="t('Actions for {name}', { name: row.label })" @choose="rowAct(row, $event)"/></td>
          </tr>
        </tbody>
      </table>
    </div>

    <div v-if="count" class="lb-bulk" role="region" :aria-label="t('Selection')">
      <strong>{{ tn('{count} selected', '{count} selected', count) }}</strong><button v-if="!all && pageState === 'all' && total > rows.length" type="button" class="lb-link" @click="all = true">{{ t('Select all {count} matching', { count: total }) }}</button>
      <button v-for="one in bulk" :key="one.name" type="button" @click="run(one)"><lb-icon v-if="one.icon" :name="one.icon"/>{{ one.label }}</button>
      <button type="button" style="margin-inline-start: auto" @click="clear"><lb-icon name="close"/>{{ t('Clear') }}</button>
    </div>

    <div v-if="rows.length" class="lb-pager">
      <span>{{ t('{first}–{last} of {total} {things}', { first, last, total, things: nounFor(total) }) }}</span>
      <label v-if="total > sizes[0]"><span class="lb-hidden">{{ t('Rows per page') }}</span><select :value="state.page_size" @change="ask({ page_size: Number($event.target.value) })"><option v-for="size in sizes" :key="size" :value="size">{{ tn('{count} row', '{count} rows', size) }}</option></select></label>
      <nav v-if="pages > 1" :aria-label="t('Pages of {name}', { name: label })">
        <button type="button" class="lb-tool" :aria-label="t('Previous page')" :disabled="wanted.page <= 1" @click="go(wanted.page - 1)"><lb-icon name="chevron_left"/></button>
        <span>{{ t('Page {page} of {pages}', { page: state.page, pages }) }}</span>
        <button type="button" class="lb-tool" :aria-label="t('Next page')" :disabled="wanted.page >= pages" @click="go(wanted.page + 1)"><lb-icon name="chevron_right"/></button></nav>
    </div>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </section>`,
};
