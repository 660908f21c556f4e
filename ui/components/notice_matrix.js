// What somebody is told, where and how soon: a row for each kind, a control for each channel. Plain controls, so that keys and screen readers know them.
import { shared } from "logbook";

export default {
  components: shared,
  props: { groups: Array, channels: Array },
  emits: ["act"],
  methods: {
    choose(row, channel, value) { this.$emit("act", { name: "choose", key: { kind: row.name, channel, pace: value } }); },
    id(row, channel) { return "lb-notice-" + row.name + "-" + channel; },
  },
  template: `
  <div class="lb-stack">
    <section v-for="group in groups" :key="group.title" :aria-label="group.title"><h3 style="font-size: 14px; margin: 10px 0 4px">{{ group.title }}</h3>
      <ul class="lb-list">
        <li v-for="row in group.rows" :key="row.name" style="flex-wrap: wrap; row-gap: 8px">
          <lb-tint :icon="row.icon" tone="grey"/>
          <div class="lb-list-text" style="flex: 1 1 210px"><strong>{{ row.label }}</strong><small v-if="row.firm">{{ t('Always told: it concerns security or a formal notice.') }}</small></div>
          <div v-if="!row.firm" style="display: flex; flex: 0 1 auto; flex-wrap: wrap; align-items: center; gap: 6px 18px">
            <template v-for="channel in channels" :key="channel.name">
              <label v-if="row.cells[channel.name].options.length === 2" :for="id(row, channel.name)" class="lb-checkline" style="align-items: center; min-width: 74px; min-height: 44px">
                <input :id="id(row, channel.name)" type="checkbox" class="lb-check" style="margin: 0" :checked="row.cells[channel.name].value !== 'off'" :aria-label="channel.label + ': ' + row.label" @change="choose(row, channel.name, $event.target.checked ? 'now' : 'off')"><span>{{ channel.label }}</span></label>
              <span v-else style="display: flex; align-items: center; gap: 8px; min-height: 44px; min-width: 190px">
                <template v-if="row.cells[channel.name].options.length"><label :for="id(row, channel.name)">{{ channel.label }}</label>
                  <select :id="id(row, channel.name)" class="lb-input" style="width: auto; min-width: 140px; max-width: 240px" :aria-label="channel.label + ': ' + row.label" :value="row.cells[channel.name].value" @change="choose(row, channel.name, $event.target.value)">
                    <option v-for="option in row.cells[channel.name].options" :key="option.value" :value="option.value">{{ option.label }}</option></select></template>
                <span v-else class="lb-muted">{{ t('{channel}: always', { channel: channel.label }) }}</span>
              </span>
            </template>
          </div>
        </li>
      </ul>
    </section>
  </div>`,
};
