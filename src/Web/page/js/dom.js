// Elements without markup in strings: nothing that a name contains can become an element.
export const $ = (id) => document.getElementById(id);

/** An element with properties, attributes (`aria-…`, `data-…`) and children. */
export const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.includes("-")) element.setAttribute(name, value);
        else element[name] = value;
    }
    element.append(...children);
    return element;
};

/** Changes text and class only where they differ, so that nothing is laid out in vain. */
export const put = (element, text, className) => {
    if (element.textContent !== text) element.textContent = text;
    if (className !== undefined && element.className !== className) element.className = className;
};

const svgSpace = "http://www.w3.org/2000/svg";
/** A part of a drawing. */
export const shape = (tag, attributes = {}, ...children) => {
    const element = document.createElementNS(svgSpace, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
};

/** Done after so many milliseconds. */
export const pause = (ms) => new Promise((then) => setTimeout(then, ms));

/** Calls back at once, but at most every so many milliseconds: what comes in between is done at the end of them. */
export const atMost = (ms, then) => {
    let at = -ms,
        timer = null;
    return () => {
        timer ??= setTimeout(
            () => {
                timer = null;
                at = performance.now();
                then();
            },
            Math.max(at + ms - performance.now(), 0),
        );
    };
};

/** Calls back at most once a frame, with the newest argument. */
export const perFrame = (then) => {
    let waiting = false,
        newest;
    return (value) => {
        newest = value;
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            then(newest);
        });
    };
};
