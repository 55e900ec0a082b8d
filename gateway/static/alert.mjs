// One alert: shows who the player is once the reader has said why.
import "./page.mjs";

document.getElementById("reveal")?.addEventListener("answered", (event) => {
  document.getElementById("revealed").textContent = `The player is ${event.detail.user_id}`;
});
