// Who else has this record open, and who is writing there.
import { shared, t, tn } from "logbook";

export default {
  components: shared,
  props: { people: Array, more: Number, beat: Number },
  data: () => ({ now: Date.now() }),
  watch: { beat: { immediate: true, handler() { this.now = this.since = Date.now(); clearInterval(this.clock); if (this.people.some((one) => one.typing)) this.clock = setInterval(() => { this.now = Date.now(); if (!this.writing.length) clearInterval(this.clock); }, 1000); } } },
  unmounted() { clearInterval(this.clock); },
  computed: {
    writing() { return this.people.filter((one) => one.typing * 1000 > this.now - this.since); },
    changing() { return this.people.filter((one) => one.changing); },
    names() { const all = this.people.map((one) => one.name); const total = all.length + this.more; return total > 3 ? tn("{names} and {count} other", "{names} and {count} others", total - 2, { names: all.slice(0, 2).join(", ") }) : all.length > 1 ? t("{names} and {name}", { names: all.slice(0, -1).join(", "), name: all.at(-1) }) : all[0]; },
    said() { return this.writing.length ? tn("{names} is writing…", "{names} are writing…", this.writing.length, { names: this.writing.map((one) => one.name).join(", ") }) : this.people.length ? t("Also here: {names}", { names: this.names }) : ""; },
  },
  template: `
    <div class="lb-here" :class="!people.length && 'lb-here-alone'"><span v-if="people.length" class="lb-here-faces" aria-hidden="true"><lb-avatar v-for="one in people.slice(0, 4)" :key="one.name" :name="one.name" :photo="one.photo" size="small"/></span><span role="status">{{ said }}</span>
      <span v-if="changing.length" class="lb-notebar lb-tone-amber lb-here-warning" role="status"><lb-icon name="edit"/><span>{{ tn('{names} is changing this just now. Ask before you change it too.', '{names} are changing this just now. Ask before you change it too.', changing.length, { names: changing.map((one) => one.name).join(', ') }) }}</span></span></div>`,
};
