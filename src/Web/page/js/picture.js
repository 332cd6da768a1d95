// The chart as a picture in a file.
import { make } from "./dom.js";
import * as write from "./format.js";

const patience = 10_000;

/** The name of the file: pair, timeframe, and the time of the newest bar in the picture. */
export const nameOf = (pair, span, time) =>
    `${[pair, write.span(span), write.time(time).replace(":", "")].join(" ").replace(/[^\w.]+/g, "-")}.png`;

/** Hands a canvas to the browser as a file. */
export async function savePicture(canvas, name) {
    const blob = await new Promise((then) => canvas.toBlob(then)),
        href = URL.createObjectURL(blob);
    make("a", { href, download: name }).click();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(href), patience);
}
