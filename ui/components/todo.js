// Lines to tick off: tasks, steps of a checklist, parts of a task; another one is added at the foot.
import { shared, day, initials, tint, t } from "logbook";
import adding from "adding";

export default {
  components: shared,
  mixins: [adding],
  props: { label: String, items: Array, tickable: Boolean, addable: Boolean, addLabel: String, menus: Array, movable: Boolean, empty: String, place: String },
  emits: ["act"],
  data: () => ({ ticked: new Map(), said: "" }),
  computed: { line() { return this.place; }, done() { return this.items.filter((item) => this.isDone(item)).length; } },
  watch: { items() { this.ticked.clear(); } },
  mounted() { this.takeUp(this.place); },
  methods: {
    day, initials, tint,
    act(name, key) { this.$emit("act", { name, key }); },
    isDone(item) { return this.ticked.get(item.id) ?? !!item.done; },
    tick(item) {
      const done = !this.isDone(item);
      this.ticked.set(item.id, done);
      this.said = done ? t("{task} done", { task: item.title }) : t("{task} not done", { task: item.title });
      this.act("tick", { id: item.id, done });
    },
    // Called by the server when a tick was refused.
    untick(id) { this.ticked.delete(id); },
    add() { if (this.draft.trim()) this.sendLine(); },
    choices(item) {
      const at = this.items.indexOf(item), moves = [];
      if (this.movable && at > 0) moves.push({ name: "up", label: t("Move up"), icon: "arrow_upward" });
      if (this.movable && at < this.items.length - 1) moves.push({ name: "down", label: t("Move down"), icon: "arrow_downward" });
      return [...moves, ...this.menus.filter((one) => !item.without?.includes(one.name))];
    },
    choose(item, chosen) {
      const at = this.items.indexOf(item);
      if (chosen.name === "up") this.act("move", { id: item.id, after: this.items[at - 2]?.id ?? null });
      else if (chosen.name === "down") this.act("move", { id: item.id, after: this.items[at + 1].id });
      else this.act(chosen.name, item.id);
    },
  },
  template: `
  <div class="lb-todo">
    <ul v-if="items.length" class="lb-list" :aria-label="label"><li v-for="item in items" :key="item.id">
      <input v-if="tickable" type="checkbox" class="lb-check lb-todo-tick" :checked="isDone(item)" :aria-label="t('Done: {task}', { task: item.title })" @change="tick(item)">
      <div class="lb-list-text"><a v-if="item.href" :href="item.href" :class="isDone(item) && 'lb-todo-done'">{{ item.title }}</a><span v-else :class="['lb-todo-title', isDone(item) && 'lb-todo-done']">{{ item.title }}</span>
        <small v-if="item.detail || item.due"><span v-if="item.due" :class="item.late && 'lb-board-late'"><span v-if="item.late" class="lb-hidden">{{ t('overdue,') }} </span>{{ day(item.due) }}{{ item.time ? ', ' + item.time : '' }}</span>{{ item.due && item.detail ? ' · ' : '' }}{{ item.detail }}</small></div>
      <lb-chip v-for="chip in item.chips" :key="chip.label" :label="chip.label" :tone="chip.tone"/>
      <span v-if="item.people?.length" class="lb-board-people"><span v-for="name in item.people.slice(0, 3)" :key="name" :class="['lb-avatar', 'lb-avatar-small', 'lb-tone-' + tint(name)]" :title="name"><span aria-hidden="true">{{ initials(name) }}</span><span class="lb-hidden">{{ name }}</span></span></span>
      <lb-menu v-if="choices(item).length" :items="choices(item)" :label="t('Actions for {name}', { name: item.title })" @choose="choose(item, $event)"/></li></ul>
    <p v-else-if="empty" class="lb-muted">{{ empty }}</p>
    <form v-if="addable" class="lb-todo-add" @submit.prevent="add"><lb-icon name="add"/><input v-model="draft" class="lb-input" :aria-label="addLabel" :placeholder="addLabel" maxlength="200" autocomplete="off" enterkeyhint="done" :aria-invalid="problem ? 'true' : undefined" @input="typed"></form>
    <p v-if="problem" class="lb-error" role="alert"><lb-icon name="error"/>{{ problem }}</p>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </div>`,
};
