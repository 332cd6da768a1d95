// One line above everything for what the user has to know or do.
import { $, put } from "./dom.js";

let shown = null;

/** Shows a notice; one of the same kind takes its place. */
export function notify(kind, text) {
    shown = kind;
    put($("notice").firstElementChild, text);
    $("notice").hidden = false;
    $("notice").lastElementChild.onclick = () => clear(kind);
}

/** Takes a notice of a kind away. */
export function clear(kind) {
    if (shown !== kind) return;
    shown = null;
    $("notice").hidden = true;
}
