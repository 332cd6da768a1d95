# A capture with colours (tmux capture-pane -e) as a picture that needs no font of ours and can be read on light and dark.
BEGIN {
    colour["71"] = "#5fb878"; colour["167"] = "#d75f5f"; colour["38"] = "#2aa7cf"; colour["172"] = "#d78700"
    colour["245"] = "#7f868c"; colour["134"] = "#af5fd7"; colour["68"] = "#5f87d7"
}

# The style a sequence leaves.
function apply(codes,    n, i, part) {
    n = split(codes, part, ";")
    if (codes == "") { ink = ""; bold = 0 }
    for (i = 1; i <= n; i++) {
        if (part[i] == "" || part[i] == "0") { ink = ""; bold = 0 }
        else if (part[i] == "1") bold = 1
        else if (part[i] == "39") ink = ""
        else if (part[i] == "38" && part[i + 1] == "5") { ink = part[i + 2]; i += 2 }
    }
}

function escaped(text) {
    gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
    return text
}

function piece(text) {
    if (text == "") return ""
    return "<tspan" (ink in colour ? " fill=\"" colour[ink] "\"" : "") (bold ? " font-weight=\"bold\"" : "") ">" escaped(text) "</tspan>"
}

{
    gsub(/\017/, "")
    line = $0; out = ""; plain = $0
    gsub(/\033\[[0-9;]*m/, "", plain)
    while (match(line, /\033\[[0-9;]*m/)) {
        out = out piece(substr(line, 1, RSTART - 1))
        apply(substr(line, RSTART + 2, RLENGTH - 3))
        line = substr(line, RSTART + RLENGTH)
    }
    rows[NR] = out piece(line)
}

END {
    width = 120 * 8.4 + 24; height = NR * 17 + 24
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The dashboard in a terminal of 120 x 40\">\n", width, height
    printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#14181c\"/>\n", width, height
    print "<g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" fill=\"#d8dee4\" xml:space=\"preserve\">"
    for (i = 1; i <= NR; i++)
        printf "<text x=\"12\" y=\"%d\" textLength=\"%d\" style=\"white-space:pre\">%s</text>\n", 26 + (i - 1) * 17, 120 * 8.4, rows[i]
    print "</g>\n</svg>"
}
