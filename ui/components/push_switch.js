// Lets this browser show notices while Logbook is closed. What the browser answers goes to the server, which alone keeps it.
import { shared, t } from "logbook";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

export default {
  components: shared,
  props: { serverKey: String },
  emits: ["act"],
  data: () => ({ state: "looking", reason: "" }),
  async mounted() {
    if (!window.isSecureContext || !navigator.serviceWorker || !window.PushManager || !window.Notification) { this.state = "never"; return; }
    try {
      const worker = await navigator.serviceWorker.getRegistration("/");
      this.state = (await worker?.pushManager.getSubscription()) ? "on" : "off";
    } catch { this.state = "off"; }
    if (Notification.permission === "denied") this.state = "blocked";
  },
  methods: {
    async start() {
      this.reason = "";
      try {
        if ((await Notification.requestPermission()) !== "granted") { this.state = Notification.permission === "denied" ? "blocked" : "off"; return; }
        const worker = await navigator.serviceWorker.ready;
        const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(this.serverKey) });
        this.$emit("act", { name: "subscribe", key: { endpoint: made.endpoint, public_key: text(made.getKey("p256dh")), secret: text(made.getKey("auth")) } });
        this.state = "on";
      } catch (error) { this.reason = t("This browser could not set it up: {why}", { why: error.message }); }
    },
    async stop() {
      const worker = await navigator.serviceWorker.ready;
      const made = await worker.pushManager.getSubscription();
      if (made) { this.$emit("act", { name: "unsubscribe", key: { endpoint: made.endpoint } }); await made.unsubscribe(); }
      this.state = "off";
    },
  },
  template: `
  <div class="lb-stack">
    <p v-if="state === 'never'" class="lb-muted">{{ t('This browser cannot show notices while Logbook is closed. It needs an https address, and on an iPhone Logbook on the home screen.') }}</p>
    <p v-else-if="state === 'blocked'" class="lb-muted">{{ t('Notices of this site are blocked in this browser. Allow them in its settings, then come back.') }}</p>
    <template v-else-if="state !== 'looking'">
      <p>{{ state === 'on' ? t('This browser shows notices while Logbook is closed. They name only the kind of notice, never what it says.') : t('This browser can show notices while Logbook is closed.') }}</p>
      <p><button v-if="state === 'on'" type="button" class="lb-button" @click="stop"><lb-icon name="notifications_off"/>{{ t('Stop on this browser') }}</button>
        <button v-else type="button" class="lb-button lb-button-primary" @click="start"><lb-icon name="notifications_active"/>{{ t('Show notices on this browser') }}</button></p>
    </template>
    <p v-if="reason" role="alert">{{ reason }}</p>
  </div>`,
};
