// The chart as a picture in a file.
import { make } from "./dom.js";
import * as write from "./format.js";

const patience = 10_000;

/** The name of the file: pair, timeframe, and the time of the newest bar in the picture. */
export const nameOf = (pair, span, time) =>
    `${[pair, write.span(span), write.time(time).replace(":", "")].join(" ").replace(/[^\w.]+/g, "-")}.png`;

/** What the picture shows, in a line. */
export const captionOf = (pair, span, first, last) =>
    `${pair} · ${write.span(span)} · ${write.time(first)} to ${write.time(last)} UTC · BtcBandit`;

/** The picture with a line of text above it, in the colours of the page. */
export function captioned(picture, text) {
    const style = getComputedStyle(document.body),
        scale = devicePixelRatio,
        height = Math.round(26 * scale),
        canvas = make("canvas", { width: picture.width, height: picture.height + height }),
        context = canvas.getContext("2d");
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, canvas.width, height);
    context.fillStyle = style.color;
    context.font = `${12 * scale}px ${style.fontFamily}`;
    context.textBaseline = "middle";
    context.fillText(text, 10 * scale, height / 2);
    context.drawImage(picture, 0, height);
    return canvas;
}

/** Hands a canvas to the browser as a file. */
export async function savePicture(canvas, name) {
    const blob = await new Promise((then) => canvas.toBlob(then)),
        href = URL.createObjectURL(blob);
    make("a", { href, download: name }).click();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(href), patience);
}
