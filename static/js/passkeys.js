// Says on the page what allauth's script would only tell the console: that a device gave no passkey.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-passkey-error]")) {
    notice.hidden = false;
  }
});
