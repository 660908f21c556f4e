// A chart drawn by ECharts in the colours of the theme, with a table that says the same.
import { shared } from "logbook";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const solid = (name) => { const probe = document.createElement("i"); probe.style.color = "var(" + name + ")"; document.body.append(probe); const value = getComputedStyle(probe).color; probe.remove(); return value; };

export default {
  components: shared,
  props: { label: String, categories: Array, series: Array, stacked: Boolean, heading: String, legend: Boolean },
  emits: ["act"],
  data: () => ({ table: false }),
  async mounted() {
    const { echarts } = await import("nicegui-echart");
    if (!this.$refs.box) return;
    this.library = echarts;
    this.start();
    this.themed = () => { this.chart?.dispose(); this.start(); };
    addEventListener("logbook-theme", this.themed);
    this.sized = new ResizeObserver(() => this.chart?.resize());
    this.sized.observe(this.$refs.box);
  },
  unmounted() { removeEventListener("logbook-theme", this.themed); this.sized?.disconnect(); this.chart?.dispose(); },
  watch: { series: { deep: true, handler() { this.draw(); } }, categories() { this.draw(); } },
  methods: {
    start() {
      this.chart = this.library.init(this.$refs.box, null, { renderer: "svg" });
      this.draw();
    },
    draw() { this.chart?.setOption(this.option(), true); },
    tone(name, index) { return name ? solid("--" + name) : colour("--chart-" + (1 + (index % 6))); },
    common() {
      return {
        animation: !matchMedia("(prefers-reduced-motion: reduce), print").matches, animationDuration: 300,
        textStyle: { fontFamily: "Inter, sans-serif", color: colour("--secondary") },
        tooltip: { backgroundColor: colour("--surface"), borderColor: colour("--line-strong"), textStyle: { color: colour("--ink"), fontSize: 12 }, confine: true },
      };
    },
    option() {
      const text = { color: colour("--muted"), fontSize: 11, fontFamily: "Inter, sans-serif" };
      const last = this.series.length - 1;
      return { ...this.common(),
        tooltip: { ...this.common().tooltip, trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.06 } } },
        legend: this.legend ? { bottom: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: { ...text, color: colour("--secondary") } } : undefined,
        grid: { left: 4, right: 6, top: 10, bottom: this.legend ? 32 : 4, containLabel: true },
        xAxis: { type: "category", data: this.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("--line-strong") } }, axisLabel: text },
        yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colour("--line") } }, axisLabel: text },
        series: this.series.map((one, index) => ({
          name: one.name, data: one.data, type: "bar", stack: this.stacked ? "all" : undefined, color: this.tone(one.tone, index), barMaxWidth: 16,
          itemStyle: { borderRadius: !this.stacked || index === last ? [4, 4, 0, 0] : 0 }, emphasis: { disabled: true },
        })) };
    },
  },
  template: `
  <figure style="width: 100%">
    <div v-show="!table" ref="box" class="lb-chart" role="img" :aria-label="label"></div>
    <div v-if="table" class="lb-table-wrap" tabindex="0" :aria-label="label" role="region">
      <table class="lb-plain-table"><caption class="lb-hidden">{{ label }}</caption><thead><tr><th scope="col">{{ heading }}</th><th v-for="one in series" :key="one.name" scope="col" class="lb-end">{{ one.name }}</th></tr></thead>
        <tbody><tr v-for="(name, row) in categories" :key="name"><th scope="row">{{ name }}</th><td v-for="one in series" :key="one.name" class="lb-end">{{ one.data[row] }}</td></tr></tbody></table>
    </div>
    <button type="button" class="lb-button lb-button-small lb-button-quiet no-print" :aria-pressed="table" @click="table = !table"><lb-icon :name="table ? 'bar_chart' : 'table_rows'"/>{{ table ? t('Show as chart') : t('Show as table') }}</button>
  </figure>`,
};
