// What the front door does beyond plain forms: show a password, guess the time zone, passkeys, copying recovery codes.
(() => {
  const all = (selector) => document.querySelectorAll(selector);
  const t = (text) => window.logbookLanguage?.texts[text] ?? text;

  for (const focused of all('[data-focus]')) focused.focus();

  for (const button of all('[data-reveal]')) {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      button.textContent = shown ? button.dataset.off : button.dataset.on;
      button.setAttribute('aria-pressed', String(shown));
      button.setAttribute('aria-label', shown ? button.dataset.offLabel : button.dataset.onLabel);
      input.focus();
    });
    // A password manager remembers what is sent from a password field only.
    input.form.addEventListener('submit', () => { input.type = 'password'; });
  }

  for (const select of all('[data-detect=zone]')) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    // Browsers know some places by an older name, such as Asia/Calcutta: theirs is compared with what they make of ours.
    const theirs = (name) => { try { return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone; } catch { return name; } };
    const names = [...select.options].map((option) => option.value);
    const known = names.includes(zone) ? zone : names.find((name) => theirs(name) === zone);
    if (known) select.value = known;
  }

  // One press sends once.
  for (const form of all('form:not([data-passkey])')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = 'yes';
      event.submitter?.setAttribute('aria-disabled', 'true');
    });
  }
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of all('form')) delete form.dataset.sent;
    for (const button of all('[aria-disabled]')) button.removeAttribute('aria-disabled');
  });

  for (const button of all('[data-copy]')) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = [...document.querySelectorAll(`#${button.dataset.copy} [data-text]`)].map((one) => one.textContent.trim()).join('\n');
      await navigator.clipboard.writeText(text);
      document.getElementById(`${button.dataset.copy}-copied`).textContent = t('Copied.');
    });
  }
  for (const button of all('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }

  // --- passkeys ---------------------------------------------------------------------------------------------------
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const usable = Boolean(window.PublicKeyCredential && isSecureContext);

  const opened = (options) => {
    const key = { ...options, challenge: bytes(options.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    for (const name of ['allowCredentials', 'excludeCredentials']) {
      if (key[name]) key[name] = key[name].map((one) => ({ ...one, id: bytes(one.id) }));
    }
    return key;
  };
  const written = (credential) => {
    const answer = credential.response;
    const response = { clientDataJSON: words(answer.clientDataJSON) };
    if (answer.attestationObject) {
      response.attestationObject = words(answer.attestationObject);
      response.transports = answer.getTransports?.() ?? [];
    } else {
      response.authenticatorData = words(answer.authenticatorData);
      response.signature = words(answer.signature);
      response.userHandle = answer.userHandle ? words(answer.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id, rawId: words(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  for (const block of all('[data-passkey-block]')) block.hidden = !usable;
  for (const form of all('form[data-passkey]')) {
    const fault = form.querySelector('[data-passkey-fault]');
    const say = (text) => { fault.textContent = text; fault.hidden = !text; };
    form.addEventListener('submit', async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      if (!usable) { say(t('This browser cannot use passkeys here.')); return; }
      say('');
      try {
        const asked = await fetch(form.dataset.options, {
          method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ token: form.elements.token.value }),
        });
        const answer = await asked.json();
        if (asked.status === 403 && form.dataset.confirm) { location.assign(form.dataset.confirm); return; }
        if (!asked.ok) { say(answer.detail); return; }
        const publicKey = opened(answer);
        const credential = form.dataset.passkey === 'create'
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
        form.elements.credential.value = written(credential);
        form.submit();
      } catch (error) {
        say(error.name === 'InvalidStateError' ? t('This device has a passkey for your account already.') : t('That was cancelled or timed out. Try again, or use another way.'));
      }
    });
  }
})();
