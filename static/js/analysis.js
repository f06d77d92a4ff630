// The analysis: a picture as PNG is drawn here from the server's SVG, at twice
// its size. Without scripts the SVG itself is there.
function offer(root) {
  root.querySelectorAll("[data-png]").forEach((button) => { button.hidden = false; });
}

async function drawn(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-png]");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  try {
    const address = URL.createObjectURL(await drawn(button.dataset.png));
    const link = document.createElement("a");
    link.href = address;
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

document.addEventListener("htmx:afterSettle", (event) => offer(event.target));
offer(document);
