// One live event stream. It remembers the number of the last event, asks for
// what came after it when it opens again, and waits longer after each failure.
// The server's event names are handed to the page's own listeners.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
// A browser keeps at most six connections to one server, for all its tabs: a
// tab that nobody has looked at for this long gives its own back.
const REST_AFTER = 20000;

// open(url, handlers, onState) listens until close() is called. handlers maps
// an event's name to a function of (data, id); onState hears "open" and
// "waiting". An event named "end" means that the server will send no more.
export function open(url, handlers, onState = () => {}) {
  let source, timer, resting;
  let last = "";
  let wait = FIRST_WAIT;
  let closed = false;

  function connect() {
    const address = new URL(url, location.href);
    if (last) address.searchParams.set("after", last);
    source = new EventSource(address);
    source.onopen = () => {
      wait = FIRST_WAIT;
      onState("open");
    };
    source.onerror = retry;
    source.addEventListener("end", close);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        handle(event.data, event.lastEventId);
      });
    }
  }

  // The browser would reconnect by itself after a plain break, but not after
  // an answer of 502; so every break is handled the same way, here.
  function retry() {
    source.close();
    if (closed) return;
    onState("waiting");
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function close() {
    closed = true;
    clearTimeout(timer);
    clearTimeout(resting);
    source.close();
  }

  // A hidden tab stops listening, and catches up when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (closed) return;
    clearTimeout(resting);
    if (document.hidden) {
      resting = setTimeout(() => {
        clearTimeout(timer);
        source.close();
      }, REST_AFTER);
    } else if (source.readyState === EventSource.CLOSED) {
      clearTimeout(timer);
      wait = FIRST_WAIT;
      connect();
    }
  });

  // A stream can stay open for minutes after the network has gone, and hang
  // when it comes back by another way: it is opened anew, and goes on from the
  // last event.
  window.addEventListener("offline", () => {
    if (!closed) onState("waiting");
  });
  window.addEventListener("online", () => {
    if (closed) return;
    clearTimeout(timer);
    source.close();
    wait = FIRST_WAIT;
    connect();
  });
  connect();
  return { close, last: () => last };
}

// place puts a fragment of HTML into the page: an element whose id is there
// already is replaced, a new one goes to the end of the parent. Receiving an
// event twice therefore changes nothing. It returns the elements placed.
export function place(html, parent) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children].map((element) => {
    const old = element.id && document.getElementById(element.id);
    if (old) old.replaceWith(element);
    else parent?.append(element);
    if (window.htmx) window.htmx.process(element);
    return element;
  });
}
