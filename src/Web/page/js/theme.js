// Light and dark: the system's choice until the user makes one.
import { $ } from "./dom.js";
import { keep, settings } from "./settings.js";

/** Shows the theme that was chosen, before anything is drawn. */
export function applyTheme() {
    if (settings.theme) document.documentElement.dataset.theme = settings.theme;
    else delete document.documentElement.dataset.theme;
}

/** `painted` is called after every change. */
export function listenToTheme(painted) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    $("b-theme").onclick = () => {
        const isDark = settings.theme ? settings.theme === "dark" : system.matches,
            next = isDark ? "light" : "dark";
        // Back at what the system has, the system decides again.
        keep({ theme: (next === "dark") === system.matches ? null : next });
        applyTheme();
        painted();
    };
    system.addEventListener("change", painted);
}
