// What is said about a record, newest first, with the place to say more; one component, live.
import { copy, shared, t } from "logbook";
import { LbRich, LbWriter } from "writing";
import { done, forget, hold, keep, kept, release } from "drafts";

export default {
  components: { ...shared, LbRich, LbWriter },
  props: { items: Array, total: Number, more: Boolean, audience: String, places: Array, may: Boolean, sent: Number, notes: Array, acts: Array },
  emits: ["act"],
  data() { return { text: "", kept: false, busy: false, editing: null, changed: "", was: "", earlier: {}, typedAt: 0, told: "" }; },
  watch: {
    sent() { this.busy = false; if (this.editing) { const id = this.editing; done(this.places[1] + id); this.editing = null; this.back(id); } else { done(this.places[0]); this.text = ""; this.kept = false; this.$nextTick(() => this.$refs.writer?.focus()); } },
    text(value) { keep(this.places[0], value ? { rich: value } : null); },
    changed(value) { if (this.editing) keep(this.places[1] + this.editing, value && value !== this.was ? { rich: value } : null); },
  },
  mounted() { kept(this.places[0]).then((begun) => { if (begun?.rich && !this.text) { this.text = begun.rich; this.kept = true; } }); this.jump(); addEventListener("hashchange", this.jump); },
  unmounted() { removeEventListener("hashchange", this.jump); clearTimeout(this.waiting); },
  methods: {
    act(name, key) { this.$emit("act", key === undefined ? { name } : { name, key }); },
    typing() { if (Date.now() - this.typedAt > 3000) { this.typedAt = Date.now(); this.act("typing"); } },
    wait() { this.busy = true; clearTimeout(this.waiting); this.waiting = setTimeout(this.settled, 8000); },
    async send() { if (this.busy || !this.text) return; this.wait(); await hold(this.places[0]); this.act("send", { body: this.text }); },
    async save(item) { if (this.busy || !this.changed) return; this.wait(); await hold(this.places[1] + item.id); this.act("edit", { id: item.id, version: item.version, body: this.changed }); },
    settled() { this.busy = false; release(this.places[0]); if (this.editing) release(this.places[1] + this.editing); },
    edit(item) {
      this.was = this.changed = item.body; this.editing = item.id;
      kept(this.places[1] + item.id).then((begun) => { if (begun?.rich && this.editing === item.id && this.changed === item.body) this.changed = begun.rich; });
    },
    leave(item) { forget(this.places[1] + item.id); this.editing = null; this.back(item.id); },
    back(id) { this.$nextTick(() => document.getElementById("comment-" + id)?.querySelector("button")?.focus()); },
    menu(item) { return [...(item.mayChange ? [{ name: "edit", label: t("Edit"), icon: "edit" }] : []), { name: "copy", label: t("Copy link"), icon: "link" }, ...(this.acts || []), ...(item.mayChange ? [{ name: "delete", label: t("Delete"), icon: "delete", danger: true }] : [])]; },
    choose(item, one) {
      if (one.name === "edit") this.edit(item);
      else if (one.name === "copy") { copy(location.origin + location.pathname + "?tab=comments#comment-" + item.id); this.told = t("Link copied"); }
      else this.act(one.name, item.id);
    },
    past(item) { if (this.earlier[item.id]) { const { [item.id]: _, ...rest } = this.earlier; this.earlier = rest; } else this.act("earlier", item.id); },
    history(id, list) { this.earlier = { ...this.earlier, [id]: list }; },
    offer(number, found, where) { const writer = where ? this.$refs["writer-" + where] : this.$refs.writer; (Array.isArray(writer) ? writer[0] : writer)?.offer(number, found); },
    find(asked, where) { this.act("find", { ...asked, where: where || "" }); },
    jump() { const id = location.hash.startsWith("#comment-") && location.hash.slice(1); if (id) this.$nextTick(() => { const one = document.getElementById(id); one?.scrollIntoView({ block: "center" }); one?.focus({ preventScroll: true }); }); },
  },
  template: `
    <section class="lb-card" :aria-label="t('Comments')"><div class="lb-card-head"><h2>{{ t('Comments') }}</h2><span v-if="total" class="lb-count">{{ total }}</span></div>
      <form v-if="may" class="lb-stack" style="gap: 8px" @submit.prevent="send">
        <span class="lb-label">{{ t('Say something') }}</span>
        <lb-writer ref="writer" v-model="text" :label="t('Say something')" mentions @find="find($event)" @send="send" @typing="typing"/>
        <div class="lb-writer-foot"><span class="lb-help">{{ audience }} {{ kept && text ? t('This is your draft from before.') : '' }}</span><button class="lb-button lb-button-primary" :disabled="busy || !text" title="Ctrl Enter">{{ ts('a button', 'Comment') }}</button></div>
      </form>
      <div v-for="note in notes" :key="note" class="lb-notebar lb-tone-amber" role="status"><lb-icon name="info"/><span>{{ note }}</span></div>
      <ul v-if="items.length" class="lb-comments"><li v-for="item in items" :id="'comment-' + item.id" :key="item.id" tabindex="-1" :class="item.deleted && 'lb-comment-gone'">
        <lb-avatar :name="item.author" :photo="item.photo" size="small"/>
        <div class="lb-comment"><div class="lb-comment-head"><strong>{{ item.author }}</strong><lb-time :value="item.at"/>
            <button v-if="item.edited && !item.deleted" type="button" class="lb-comment-edited" :aria-expanded="String(!!earlier[item.id])" @click="past(item)">{{ t('edited') }}</button>
            <lb-menu v-if="!item.deleted && editing !== item.id" :items="menu(item)" :label="t('Actions for the comment of {name}', { name: item.author })" @choose="choose(item, $event)"/></div>
          <p v-if="item.deleted" class="lb-muted">{{ item.deletedBy ? t('Deleted by {name}.', { name: item.deletedBy }) : t('Deleted.') }} <button v-if="item.mayRestore" type="button" class="lb-button lb-button-small" @click="act('restore', item.id)">{{ t('Restore') }}</button></p>
          <form v-else-if="editing === item.id" class="lb-stack" style="gap: 8px" @submit.prevent="save(item)"><lb-writer :ref="'writer-' + item.id" v-model="changed" :label="t('Edit the comment')" mentions autofocus @find="find($event, item.id)" @send="save(item)" @leave="leave(item)" @typing="typing"/>
            <div class="lb-writer-foot"><span></span><button type="button" class="lb-button" @click="leave(item)">{{ t('Cancel') }}</button><button class="lb-button lb-button-primary" :disabled="busy || !changed">{{ t('Save') }}</button></div></form>
          <lb-rich v-else :html="item.body"/>
          <ol v-if="earlier[item.id] && !item.deleted" class="lb-earlier" :aria-label="t('Earlier versions')"><li v-for="one in earlier[item.id]" :key="one.at"><small class="lb-muted"><lb-time :value="one.at" full/></small><lb-rich :html="one.body"/></li></ol>
        </div></li></ul>
      <p v-else class="lb-muted" style="margin-top: 12px">{{ t('Nobody has said anything yet.') }}</p>
      <button v-if="more" type="button" class="lb-button lb-button-small" @click="act('older')">{{ t('Show older') }}</button>
      <span class="lb-hidden" role="status">{{ told }}</span>
    </section>`,
};
