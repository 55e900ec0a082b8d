// A player's rights: consent, export, erasure.
import { described } from "./described.mjs";
import { call } from "./page.mjs";

const form = document.getElementById("rights-form");
const answer = document.getElementById("answer");
const sure = document.getElementById("sure");

function asked() {
  return new Promise((resolve) => {
    sure.showModal();
    sure.querySelector("[value=no]").focus();
    sure.addEventListener("close", () => resolve(sure.returnValue === "yes"), { once: true });
  });
}

function save(found) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(found, null, 2)], { type: "application/json" }));
  link.download = "player-export.json";
  link.click();
  URL.revokeObjectURL(link.href);
  return { exported_at: found.exported_at, parts: found.parts?.map((part) => part.service) };
}

async function act(what, user) {
  const id = encodeURIComponent(user);
  if (what === "consent") return call("GET", `/api/v1/consents/${id}`);
  if (what === "allow") return call("PUT", `/api/v1/consents/${id}`, { analytics: true });
  if (what === "withdraw") return call("PUT", `/api/v1/consents/${id}`, { analytics: false });
  if (what === "export") return save(await call("POST", `/api/v1/privacy/subjects/${id}:export`, {}));
  return (await asked()) ? call("POST", `/api/v1/privacy/subjects/${id}:erase`, {}) : { answer: "nothing was erased" };
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const says = form.querySelector(".says");
  says.textContent = "";
  try {
    const found = await act(event.submitter?.value ?? "consent", form.elements.user_id.value.trim());
    answer.replaceChildren(described(found));
  } catch (error) {
    says.textContent = error.message;
  }
});
