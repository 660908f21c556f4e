// The files of a record: a card that takes them by drop, paste, choice and camera, and shows what they are.
import { modal } from "layers";
import { shared, t } from "logbook";

const AT_ONCE = 2, TEXT_BYTES = 20000;
let ids = 0;

export function size(bytes) {
  if (bytes < 1000) return bytes + " B";
  const units = ["kB", "MB", "GB"];
  let value = bytes, unit = -1;
  do { value /= 1000; unit += 1; } while (value >= 999.5 && unit < 2);
  return (value < 9.95 ? value.toFixed(1) : Math.round(value)) + " " + units[unit];
}

export default {
  components: shared,
  props: { data: Object, busy: String },
  emits: ["act"],
  data: () => ({ over: 0, sending: [], shown: null, mode: "", name: "", text: null, said: "", target: null, phone: false }),
  computed: {
    count() { return this.data.files.length; },
    title() { return { view: this.shown?.name, rename: t("Rename"), versions: t("Versions of {name}", { name: this.shown?.name }), bin: t("Removed files") }[this.mode] || ""; },
  },
  mounted() {
    this.phone = matchMedia("(pointer: coarse)").matches;
    document.addEventListener("paste", this.pasted);
  },
  unmounted() {
    document.removeEventListener("paste", this.pasted);
    for (const one of this.sending) one.request?.abort();
  },
  watch: {
    "data.files"() {
      if (this.shown) this.shown = this.data.files.find((one) => one.id === this.shown.id) || (this.mode === "bin" ? null : (this.shut(), null));
      if (this.mode === "bin" && !this.data.removed.length) this.shut();
    },
  },
  methods: {
    size,
    act(name, key) { this.$emit("act", { name, key }); },
    line(one) { return [one.kind, size(one.size), one.by, one.number > 1 ? t("version {number}", { number: one.number }) : ""].filter(Boolean).join(" · "); },

    // Taking

    dragged(event, by) { if ([...(event.dataTransfer?.types || [])].includes("Files")) this.over = Math.max(0, this.over + by); },
    dropped(event) { this.over = 0; this.take(event.dataTransfer.files); },
    pasted(event) {
      const files = [...(event.clipboardData?.files || [])];
      if (!files.length || event.defaultPrevented || event.target.closest?.("input, textarea, [contenteditable=true]") || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.take(files.map((file) => (file.name === "image.png" ? new File([file], t("Pasted {time}", { time: new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16).replace("T", " ").replace(":", ".") }) + ".png", { type: file.type }) : file)));
    },
    choose(camera, target) { this.target = target || null; (camera ? this.$refs.camera : this.$refs.file).click(); },
    chosen(event) { const files = [...event.target.files]; event.target.value = ""; this.take(this.target ? files.slice(0, 1) : files, this.target); this.target = null; },
    take(files, target) {
      if (!this.data.may) return;
      for (const file of [...files].slice(0, 50)) {
        const one = { id: ++ids, name: file.name, file, target: target?.id, share: 0, state: "waits", error: "" };
        if (file.size > this.data.limit) Object.assign(one, { state: "failed", final: true, error: t("It is larger than {size}.", { size: size(this.data.limit) }) });
        if (!file.size) Object.assign(one, { state: "failed", final: true, error: t("It is empty.") });
        this.sending.push(one);
      }
      this.next();
    },
    next() {
      const free = AT_ONCE - this.sending.filter((one) => one.state === "goes").length;
      this.sending.filter((one) => one.state === "waits").slice(0, free).forEach(this.post);
    },
    post(one) {
      const request = new XMLHttpRequest();
      Object.assign(one, { state: "goes", share: 0, error: "", final: false });
      request.upload.onprogress = (event) => { if (event.lengthComputable) one.share = Math.round((100 * event.loaded) / event.total); };
      request.onload = () => {
        if (request.status < 300) { this.said = t("{name} is attached.", { name: one.name }); this.drop(one); return; }
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
        one.final = request.status < 500 && request.status !== 429;
        this.fail(one, [answer.detail || t("It was not taken."), answer.errors?.file].filter(Boolean).join(" "));
      };
      request.onerror = () => this.fail(one, t("It could not be sent. Check the connection, then try again."));
      request.open("POST", this.data.address + (one.target ? "?version_of=" + one.target : ""));
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("X-File-Name", encodeURIComponent(one.name));
      one.request = Vue.markRaw(request);
      request.send(one.file);
    },
    fail(one, error) { Object.assign(one, { state: "failed", error }); this.said = one.name + ": " + error; this.next(); },
    again(one) { one.state = "waits"; this.next(); },
    drop(one) {
      if (one.state === "goes") { one.state = "gone"; one.request?.abort(); }
      this.sending = this.sending.filter((other) => other.id !== one.id);
      this.next();
      this.$nextTick(() => { if (!this.$el.contains(document.activeElement) && document.activeElement === document.body) this.$refs.add?.focus({ preventScroll: true }); });
    },

    // Showing

    menu(one) {
      const items = [];
      if (one.shows) items.push({ name: "view", label: t("Show"), icon: "visibility" });
      items.push({ label: t("Download"), icon: "download", href: one.href, download: true });
      if (one.versions.length > 1) items.push({ name: "versions", label: t("Versions"), icon: "history" });
      if (one.change) items.push({ separator: true }, { name: "replace", label: t("Add a new version"), icon: "upload_file" }, { name: "rename", label: t("Rename"), icon: "edit" }, { name: "remove", label: t("Remove"), icon: "delete", danger: true });
      return items;
    },
    chose(item, one) {
      if (item.name === "replace") this.choose(false, one);
      else if (item.name === "remove") this.act("remove", { id: one.id });
      else this.open(item.name, one);
    },
    open(mode, one) {
      this.back = document.activeElement;
      Object.assign(this, { mode, shown: one, text: null, name: one?.name || "" });
      this.$nextTick(() => { modal(this.$refs.dialog); this.$refs.name?.select(); });
      if (mode === "view" && one.shows === "text") this.read(one);
    },
    async read(one) {
      try {
        const answer = await fetch(one.save, { headers: { Range: "bytes=0-" + (TEXT_BYTES - 1) } });
        const bytes = new Uint8Array(await answer.arrayBuffer());
        const wide = (bytes[0] === 255 && bytes[1] === 254 && "utf-16le") || (bytes[0] === 254 && bytes[1] === 255 && "utf-16be");
        this.text = answer.ok ? new TextDecoder(wide || "utf-8").decode(bytes) + (one.size > TEXT_BYTES ? "\n…" : "") : t("It cannot be shown just now. Try again in a moment.");
      } catch { this.text = t("It cannot be shown just now. Check the connection."); }
    },
    rename() { if (this.name.trim()) { this.act("rename", { id: this.shown.id, name: this.name.trim() }); this.shut(); } },
    shut() { this.$refs.dialog?.close(); },
    closed(event) { if (event.target !== this.$refs.dialog) return; this.mode = ""; this.shown = null; this.back?.isConnected && this.back.focus(); },
  },
  template: `
  <section :class="['lb-card', 'lb-files', over && data.may && 'lb-files-over']" :aria-labelledby="data.uid" @dragenter="dragged($event, 1)" @dragleave="dragged($event, -1)" @dragover.prevent @drop.prevent="dropped">
    <div class="lb-card-head"><h2 :id="data.uid">{{ data.title }}</h2><span v-if="count" class="lb-count">{{ count }}</span>
      <div v-if="data.may" class="lb-actions">
        <button v-if="phone" type="button" class="lb-button" @click="choose(true)"><lb-icon name="photo_camera"/>{{ t('Photo') }}</button>
        <button ref="add" type="button" class="lb-button" @click="choose(false)"><lb-icon name="attach_file"/>{{ t('Add files') }}</button>
      </div></div>
    <input ref="file" type="file" class="lb-hidden" tabindex="-1" :aria-label="t('Files to add')" :accept="data.accept" :multiple="!target" @change="chosen">
    <input ref="camera" type="file" class="lb-hidden" tabindex="-1" :aria-label="t('Photo to add')" accept="image/*" capture="environment" @change="chosen">
    <p class="lb-hidden" role="status">{{ said }}</p>

    <ul v-if="sending.length" class="lb-list" :aria-label="t('Being sent')"><li v-for="one in sending" :key="one.id">
      <lb-tint :icon="one.state === 'failed' ? 'error' : 'upload_file'" :tone="one.state === 'failed' ? 'red' : 'brand'"/>
      <div class="lb-list-text"><strong>{{ one.name }}</strong>
        <small v-if="one.error" class="lb-files-error">{{ one.error }}</small>
        <div v-else-if="one.state === 'goes' && one.share < 100" class="lb-bar" role="progressbar" :aria-label="t('Sending {name}', { name: one.name })" aria-valuemin="0" aria-valuemax="100" :aria-valuenow="one.share"><span :style="{ width: one.share + '%' }"></span></div>
        <small v-else>{{ one.state === 'goes' ? t('Checking and storing …') : t('Waits for the others') }}</small></div>
      <button v-if="one.state === 'failed' && !one.final" type="button" class="lb-button lb-button-small" :aria-label="t('Try again: {name}', { name: one.name })" @click="again(one)">{{ t('Try again') }}</button>
      <button type="button" class="lb-tool" :aria-label="one.state === 'failed' ? t('Dismiss {name}', { name: one.name }) : t('Cancel {name}', { name: one.name })" :title="one.state === 'failed' ? t('Dismiss') : t('Cancel')" @click="drop(one)"><lb-icon name="close"/></button>
    </li></ul>

    <ul v-if="count" class="lb-list" :aria-labelledby="data.uid"><li v-for="one in data.files" :key="one.id">
      <component :is="one.shows ? 'button' : 'a'" :type="one.shows ? 'button' : undefined" :href="one.shows ? undefined : one.href" :download="one.shows ? undefined : ''" class="lb-files-picture" tabindex="-1" aria-hidden="true" @click="one.shows && open('view', one)">
        <img v-if="one.preview" :src="one.preview" alt="" loading="lazy"><lb-tint v-else :icon="one.icon" :tone="one.tone"/></component>
      <div class="lb-list-text">
        <button v-if="one.shows" type="button" class="lb-files-name" @click="open('view', one)">{{ one.name }}</button>
        <a v-else :href="one.href" download="">{{ one.name }}</a>
        <small>{{ line(one) }} · <lb-time :value="one.at"/></small>
        <lb-chip v-if="one.fault" :label="t('Damaged in the file store')" tone="red"/><lb-chip v-else-if="one.waits" :label="t('Waits for the file store')" tone="amber"/></div>
      <lb-menu :items="menu(one)" :label="t('Actions for {name}', { name: one.name })" icon="more_horiz" @choose="chose($event, one)"/>
    </li></ul>
    <p v-else-if="!data.may" class="lb-muted">{{ t('No files yet.') }}</p>
    <button v-else-if="!sending.length" type="button" class="lb-files-empty" @click="choose(false)"><lb-icon name="upload_file"/><span><strong>{{ t('No files yet.') }}</strong> {{ phone ? t('Tap to add one.') : t('Drop them here, paste a picture, or choose them.') }}</span></button>
    <button v-if="data.removed.length" type="button" class="lb-button lb-button-quiet lb-button-small" @click="open('bin', null)"><lb-icon name="delete"/>{{ tn('{count} removed', '{count} removed', data.removed.length) }}</button>

    <dialog v-if="mode" ref="dialog" :class="['lb-dialog', mode === 'view' && 'lb-dialog-wide']" :aria-labelledby="data.uid + '-dialog'" @close="closed" @keydown.esc.stop>
      <div class="lb-dialog-head"><h2 :id="data.uid + '-dialog'">{{ title }}</h2><button type="button" class="lb-tool" :aria-label="t('Close')" @click="shut"><lb-icon name="close"/></button></div>
      <form v-if="mode === 'rename'" class="lb-dialog-body" :id="data.uid + '-form'" @submit.prevent="rename"><label class="lb-field"><span class="lb-label">{{ t('Name') }}</span><input ref="name" v-model="name" class="lb-input" maxlength="200" required></label></form>
      <div v-else class="lb-dialog-body" tabindex="0">
        <template v-if="mode === 'view' && shown"><img v-if="shown.shows === 'image'" class="lb-files-view" :src="shown.view" :alt="shown.name">
          <template v-else-if="shown.shows === 'page'"><img class="lb-files-view" :src="shown.preview" :alt="t('First page of {name}', { name: shown.name })"><p class="lb-muted">{{ t('The first page. Download it to read all.') }}</p></template>
          <p v-else-if="text === null" class="lb-muted" role="status">{{ t('Opening …') }}</p><pre v-else class="lb-files-text">{{ text }}</pre></template>
        <ul v-else-if="mode === 'versions' && shown" class="lb-list"><li v-for="one in shown.versions" :key="one.number"><div class="lb-list-text"><strong>{{ t('Version {number}', { number: one.number }) }}</strong><small>{{ one.kind }} · {{ size(one.size) }} · {{ one.by }} · <lb-time :value="one.at"/></small></div><a class="lb-button lb-button-small" :href="one.save" download="" :aria-label="t('Download version {number}', { number: one.number })">{{ t('Download') }}</a></li></ul>
        <ul v-else-if="mode === 'bin'" class="lb-list"><li v-for="one in data.removed" :key="one.id"><lb-tint :icon="one.icon" :tone="one.tone"/><div class="lb-list-text"><strong>{{ one.name }}</strong><small>{{ t('Removed') }} <lb-time :value="one.removed"/>{{ t(', kept for 30 days') }}</small></div><button type="button" class="lb-button lb-button-small" :aria-label="t('Restore {name}', { name: one.name })" @click="act('restore', { id: one.id })">{{ t('Restore') }}</button></li></ul>
      </div>
      <div v-if="mode === 'view' && shown" class="lb-dialog-foot"><a class="lb-button" :href="shown.href" download=""><lb-icon name="download"/>{{ t('Download') }}</a></div>
      <div v-else-if="mode === 'rename'" class="lb-dialog-foot"><button type="button" class="lb-button" @click="shut">{{ t('Cancel') }}</button><button type="submit" :form="data.uid + '-form'" class="lb-button lb-button-primary">{{ t('Rename') }}</button></div>
    </dialog>
  </section>`,
};
