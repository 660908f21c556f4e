// Who reports to whom, as an outline that opens and closes and can be searched; small ones also as a diagram.
import { shared } from "logbook";

const DIAGRAM_MOST = 60, OPEN_MOST = 40;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export default {
  components: shared,
  props: { label: String, tree: Object },
  data() { return { opened: new Set(), text: "", diagram: false }; },
  computed: {
    all() {
      const rows = [], walk = (node, depth, path, last) => {
        const row = { ...node, children: undefined, depth, path, last, below: 0, leaf: !node.children?.length, parent: null };
        rows.push(row);
        (node.children || []).forEach((child, index) => { const under = walk(child, depth + 1, path + "." + index, index === node.children.length - 1); under.parent = row; row.below += 1 + under.below; });
        return row;
      };
      walk(this.tree, 0, "0", true);
      return rows;
    },
    rows() {
      const wanted = this.text.trim().toLowerCase();
      if (wanted) {
        const kept = new Set();
        for (const row of this.all) if ((row.name + " " + row.detail).toLowerCase().includes(wanted)) for (let one = row; one; one = one.parent) kept.add(one.path);
        return this.all.filter((row) => kept.has(row.path));
      }
      return this.all.filter((row) => { for (let one = row.parent; one; one = one.parent) if (!this.opened.has(one.path)) return false; return true; });
    },
    small() { return this.all.length > 2 && this.all.length <= DIAGRAM_MOST; },
  },
  watch: { tree: { deep: true, handler() { if (this.diagram) this.draw(); } }, diagram(on) { on ? this.$nextTick(this.start) : this.end(); } },
  created() {
    let depth = 0, count = 1;
    while (true) {
      const next = this.all.filter((row) => row.depth === depth + 1).length;
      if (!next || (depth && count + next > OPEN_MOST)) break;
      for (const row of this.all) if (row.depth === depth && !row.leaf) this.opened.add(row.path);
      count += next; depth += 1;
    }
  },
  unmounted() { this.end(); },
  methods: {
    toggle(row) { this.opened.has(row.path) ? this.opened.delete(row.path) : this.opened.add(row.path); },
    everything(on) { this.opened = new Set(on ? this.all.filter((row) => !row.leaf).map((row) => row.path) : []); },
    async start() {
      const { echarts } = await import("nicegui-echart");
      if (!this.$refs.box) return;
      const begin = () => {
        this.chart?.dispose();
        this.chart = echarts.init(this.$refs.box, null, { renderer: "svg" });
        this.chart.on("click", (event) => { const href = event.data?.href; if (href?.startsWith("/") && !event.data.children?.length) window.logbook.go(href); });
        this.draw();
      };
      begin();
      this.themed = begin;
      addEventListener("logbook-theme", begin);
      this.sized = new ResizeObserver(() => this.chart?.resize());
      this.sized.observe(this.$refs.box);
    },
    end() { removeEventListener("logbook-theme", this.themed); this.sized?.disconnect(); this.chart?.dispose(); this.chart = null; },
    draw() {
      const plain = (text) => (text || "").replace(/[{}|]/g, "");
      const leaves = this.all.filter((row) => row.leaf).length, across = leaves > 9 || innerWidth < 900;
      this.$refs.box.style.height = (across ? Math.max(320, leaves * 40) : 420) + "px";
      this.chart.resize();
      this.chart.setOption({
        textStyle: { fontFamily: "Inter, sans-serif" },
        series: [{
          type: "tree", data: [this.tree], orient: across ? "LR" : "TB", top: across ? 10 : 50, bottom: across ? 10 : 40, left: across ? 110 : 40, right: across ? 190 : 40, initialTreeDepth: -1, expandAndCollapse: true, edgeShape: "polyline",
          animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, symbolSize: 9, itemStyle: { color: colour("--chart-1"), borderColor: colour("--chart-1") }, lineStyle: { color: colour("--line-strong"), width: 1.5 },
          label: {
            position: across ? "left" : "top", align: across ? "right" : "center", distance: 8,
            formatter: (node) => "{name|" + plain(node.name) + "}" + (node.data.detail ? "\n{detail|" + plain(node.data.detail) + "}" : ""),
            rich: { name: { color: colour("--ink"), fontWeight: 600, fontSize: 12, lineHeight: 16 }, detail: { color: colour("--muted"), fontSize: 11, lineHeight: 15 } },
          },
          leaves: { label: across ? { position: "right", align: "left" } : { position: "bottom" } },
        }],
      }, true);
    },
  },
  template: `
  <figure style="width: 100%" :aria-label="label">
    <div class="lb-tree-bar no-print">
      <div class="lb-field-search"><lb-icon name="search"/><input v-model="text" type="search" data-filter :aria-label="t('Find in this chart')" :placeholder="t('Find in this chart')" autocomplete="off" maxlength="100"></div>
      <button type="button" class="lb-button lb-button-small lb-button-quiet" @click="everything(true)">{{ t('Open all') }}</button>
      <button type="button" class="lb-button lb-button-small lb-button-quiet" @click="everything(false)">{{ t('Close all') }}</button>
      <button v-if="small" type="button" class="lb-button lb-button-small" style="margin-inline-start: auto" :aria-pressed="diagram" @click="diagram = !diagram"><lb-icon :name="diagram ? 'list' : 'account_tree'"/>{{ diagram ? t('Show as list') : t('Show as diagram') }}</button>
    </div>
    <div v-if="diagram" class="lb-diagram" tabindex="0" role="group" :aria-label="label"><div ref="box" class="lb-chart" role="img" :aria-label="label"></div></div>
    <ul v-else class="lb-tree">
      <li v-for="row in rows" :key="row.path" :style="{ '--depth': row.depth }">
        <button v-if="!row.leaf" type="button" class="lb-tree-toggle" :aria-expanded="opened.has(row.path) || !!text" :aria-label="t('Those under {name}', { name: row.name })" @click="toggle(row)"><lb-icon :name="opened.has(row.path) || text ? 'expand_more' : 'chevron_right'"/></button><span v-else class="lb-tree-toggle"></span>
        <lb-avatar :name="row.name" size="small"/><span class="lb-tree-text"><a v-if="row.href" :href="row.href">{{ row.name }}</a><strong v-else>{{ row.name }}</strong><small v-if="row.detail" class="lb-muted">{{ row.detail }}</small></span>
        <span v-if="row.below" class="lb-count">{{ row.below }}<span class="lb-hidden"> {{ t('below') }}</span></span>
      </li>
      <li v-if="!rows.length" class="lb-muted" style="padding: 16px">{{ t('Nobody is called “{name}”.', { name: text }) }}</li>
    </ul>
  </figure>`,
};
