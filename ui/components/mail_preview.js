// A mail as its reader sees it: in a frame of its own, where nothing runs and nothing leads out.
export default {
  props: { subject: String, page: String },
  template: `<figure style="margin: 0"><figcaption class="lb-secondary" style="margin-bottom: 8px">{{ t('Subject:') }} <strong>{{ subject }}</strong></figcaption>
    <iframe sandbox="" :srcdoc="page" :title="t('Preview of the mail')" style="width: 100%; height: 460px; border: 1px solid var(--line); border-radius: 9px; background: #f6f7f9" tabindex="0"></iframe></figure>`,
};
