// The run's events. EventSource reconnects by itself and says where it was; what is added here is a watchdog, and rest
// while nobody looks: a browser has six connections for a host, over all its tabs.
import { get } from "./api.js";

const silence = 25_000;
const patience = 3_000;

export function follow(on) {
    let source,
        last = "",
        heard = 0;

    const close = () => {
        source?.close();
        source = null;
    };

    const open = () => {
        close();
        heard = Date.now();
        // A new EventSource cannot set Last-Event-ID, so the place is in the address.
        const mine = (source = new EventSource(last ? `/api/stream?since=${encodeURIComponent(last)}` : "/api/stream"));
        mine.onopen = () => {
            heard = Date.now();
            on.link("live");
        };
        mine.onerror = () => {
            on.link(last ? "lost" : "connecting");
            // It gives up if the answer is not a stream; an answer of 401 says why.
            if (mine.readyState === EventSource.CLOSED && mine === source)
                get("/api/health").then(() =>
                    setTimeout(() => {
                        if (mine === source && !document.hidden) open();
                    }, patience),
                );
        };
        for (const kind of ["snapshot", "steps", "leap", "beat"])
            mine.addEventListener(kind, (event) => {
                if (mine !== source) return;
                heard = Date.now();
                if (event.lastEventId) last = event.lastEventId;
                if (kind !== "beat") on[kind](JSON.parse(event.data));
            });
    };

    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) {
            on.link("connecting");
            open();
        } else {
            close();
            on.link("paused");
        }
    });
    setInterval(() => {
        if (document.hidden || Date.now() - heard < silence) return;
        on.link("lost");
        open();
    }, 5_000);
    if (!document.hidden) open();
}
