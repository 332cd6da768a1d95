// The menu of indicators and layers.
import { $, make, put } from "./dom.js";
import { groups, layers, mostPanes } from "./layers.js";
import { keep, settings } from "./settings.js";

export class Menu {
    #run;
    #changed;
    #root = $("menu");
    #boxes = [];

    /** `changed` is told whether other columns have to be loaded. */
    constructor(run, changed) {
        [this.#run, this.#changed] = [run, changed];
        const all = groups(run.columns),
            search = make("input", {
                type: "search",
                placeholder: "Find an indicator",
                ariaLabel: "Find an indicator",
                oninput: () => this.#find(search.value),
            });
        const set = (title, list) => make("fieldset", {}, make("legend", { textContent: title }), ...list);
        const ofPane = (isPrice) =>
            all.filter((group) => (group.pane === "price") === isPrice).map((group) => this.#columnBox(group));
        const [onPrice, apart] = [ofPane(true), ofPane(false)];
        this.#root.replaceChildren(
            ...(all.length > 8 ? [search] : []),
            set(
                "Layers",
                layers.map(([key, label]) => this.#layerBox(key, label)),
            ),
            ...(onPrice.length ? [set("On the price", onPrice)] : []),
            ...(apart.length ? [set(`In a pane of their own, at most ${mostPanes}`, apart)] : []),
        );
        this.#root.addEventListener("beforetoggle", (event) => {
            if (event.newState === "open") this.#place();
        });
        this.#root.addEventListener("toggle", (event) => {
            if (event.newState === "open") this.#root.querySelector("input").focus();
        });
        addEventListener("resize", () => {
            if (this.#root.matches(":popover-open")) this.#place();
        });
        this.#update();
    }

    #columnBox(group) {
        const box = make("input", {
            type: "checkbox",
            onchange: () => {
                const others = (settings.columns ?? []).filter((name) => !group.columns.includes(name));
                keep({ columns: box.checked ? [...others, ...group.columns] : others });
                this.#update();
                this.#changed(true);
            },
        });
        const words =
            group.columns.length > 1 || group.columns[0] !== group.key
                ? group.columns.map((name) => name.replace(`${group.key}_`, "")).join(", ")
                : "";
        const label = make(
            "label",
            { className: "check" },
            box,
            make("span", { textContent: group.key }),
            make("small", { textContent: words }),
        );
        this.#boxes.push({ box, label, group });
        return label;
    }

    #layerBox(key, text) {
        const box = make("input", {
            type: "checkbox",
            checked: settings.layers.includes(key),
            onchange: () => {
                keep({
                    layers: layers
                        .map(([name]) => name)
                        .filter((name) => (name === key ? box.checked : settings.layers.includes(name))),
                });
                this.#changed(false);
            },
        });
        return make("label", { className: "check" }, box, make("span", { textContent: text }));
    }

    #update() {
        const shown = settings.columns ?? [],
            isShown = (group) => group.columns.some((name) => shown.includes(name));
        const panes = this.#boxes.filter(({ group }) => group.pane !== "price" && isShown(group)).length;
        for (const { box, group } of this.#boxes) {
            box.checked = isShown(group);
            box.disabled = !box.checked && group.pane !== "price" && panes >= mostPanes;
        }
        const count = this.#boxes.filter(({ group }) => isShown(group)).length;
        put($("chosen"), count ? String(count) : "");
    }

    #find(text) {
        for (const { label, group } of this.#boxes)
            label.hidden = !group.columns.some((name) => name.includes(text.trim().toLowerCase()));
    }

    #place() {
        const at = $("b-menu").getBoundingClientRect();
        this.#root.style.top = `${at.bottom + 6}px`;
        this.#root.style.left = `${Math.max(Math.min(at.left, innerWidth - 300), 8)}px`;
        this.#root.style.maxHeight = `${innerHeight - at.bottom - 16}px`;
    }
}
