// What the page says about its line to the server, and about the run behind it.
import { $, put } from "./dom.js";

const words = { live: "Live", connecting: "Connecting", lost: "Connection lost", ended: "Run ended", paused: "Paused" };

export class Link {
    #line = "connecting";
    #run = "live";

    /** The state of the line: live, connecting, lost, or paused while nobody looks. */
    line(state) {
        this.#line = state;
        this.#show();
    }

    /** What the run says of itself. */
    run({ is_over, is_paused }) {
        this.#run = is_over ? "ended" : is_paused ? "paused" : "live";
        this.#show();
    }

    #show() {
        // A run that has ended needs no line any more.
        const state = this.#line === "live" || this.#run === "ended" ? this.#run : this.#line;
        $("link").dataset.state = state;
        put($("link").lastElementChild, words[state]);
    }
}
