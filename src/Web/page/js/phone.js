// On a narrow screen: one view at a time, chosen below, and the reasons in a sheet that comes up over it.
import { $ } from "./dom.js";

export const isNarrow = () => matchMedia("(max-width: 900px)").matches;

/** Shows or hides the sheet of reasons. */
export function showSheet(isOpen) {
    document.body.classList.toggle("sheet-open", isOpen);
    $("b-why").ariaExpanded = String(isOpen);
}

/** Shows a view: chart, run or trades. */
export function showView(name) {
    document.body.dataset.view = name;
    for (const button of $("tabs").querySelectorAll("[data-view]")) {
        if (button.dataset.view === name) button.ariaCurrent = "true";
        else button.removeAttribute("aria-current");
    }
}

export function setUpPhone() {
    for (const button of $("tabs").querySelectorAll("[data-view]"))
        button.onclick = () => {
            showSheet(false);
            showView(button.dataset.view);
        };
    $("b-why").onclick = () => {
        const isOpen = !document.body.classList.contains("sheet-open");
        showSheet(isOpen);
        if (isOpen) $("why-body").focus({ preventScroll: true });
    };
    $("b-close").onclick = () => {
        showSheet(false);
        $("b-why").focus();
    };
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && document.body.classList.contains("sheet-open")) $("b-close").click();
    });
    $("b-focus").onclick = () => {
        const isOn = document.body.classList.toggle("focus");
        $("b-focus").ariaPressed = String(isOn);
    };
}
