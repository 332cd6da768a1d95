# A capture with colours (tmux capture-pane -e) as a picture. Every cell is placed: letters one by one, and blocks, lines and
# dots are drawn, so that columns stay aligned in any font. Set back and front for text without a colour of its own.
BEGIN {
    for (i = 0; i < 256; i++) byte[sprintf("%c", i)] = i
    split("000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db ffffff", named, " ")
    split("0 95 135 175 215 255", level, " ")
    if (back == "") back = "#14181c"
    if (front == "") front = "#d8dee4"
    W = 8; H = 17
    eighths = "▁▂▃▄▅▆▇█"
    # Arms of lines from the middle of a cell: left, up, right, down; 1 is thin and 2 is thick.
    split("─1010 │0101 ┌0011 ┐1001 └0110 ┘1100 ├0111 ┤1101 ┬1011 ┴1110 ┼1111 ╷0001 ╵0100 ╻0002 ╹0200 ┃0202 ╽0102 ╿0201 ═2020 ━2020", line, " ")
    for (i in line) arms[substr(line[i], 1, 3)] = substr(line[i], 4)
}

# The colour of a number of xterm's palette.
function rgb(n,    r, g, b) {
    if (n < 16) return "#" named[n + 1]
    if (n > 231) { r = 8 + (n - 232) * 10; return sprintf("#%02x%02x%02x", r, r, r) }
    n -= 16; r = int(n / 36); g = int(n / 6) % 6; b = n % 6
    return sprintf("#%02x%02x%02x", level[r + 1], level[g + 1], level[b + 1])
}

# The style that a sequence leaves.
function apply(codes,    n, i, part) {
    n = split(codes, part, ";")
    if (codes == "") { ink = ""; ground = ""; bold = 0; inverse = 0 }
    for (i = 1; i <= n; i++) {
        if (part[i] == "" || part[i] == "0") { ink = ""; ground = ""; bold = 0; inverse = 0 }
        else if (part[i] == "1") bold = 1
        else if (part[i] == "7") inverse = 1
        else if (part[i] == "22") bold = 0
        else if (part[i] == "27") inverse = 0
        else if (part[i] == "39") ink = ""
        else if (part[i] == "49") ground = ""
        else if (part[i] == "38" && part[i + 1] == "5") { ink = rgb(part[i + 2]); i += 2 }
        else if (part[i] == "48" && part[i + 1] == "5") { ground = rgb(part[i + 2]); i += 2 }
        else if (part[i] == "38" && part[i + 1] == "2") { ink = sprintf("#%02x%02x%02x", part[i + 2], part[i + 3], part[i + 4]); i += 4 }
        else if (part[i] == "48" && part[i + 1] == "2") { ground = sprintf("#%02x%02x%02x", part[i + 2], part[i + 3], part[i + 4]); i += 4 }
        else if (part[i] >= 30 && part[i] <= 37) ink = "#" named[part[i] - 29]
        else if (part[i] >= 40 && part[i] <= 47) ground = "#" named[part[i] - 39]
        else if (part[i] >= 90 && part[i] <= 97) ink = "#" named[part[i] - 81]
        else if (part[i] >= 100 && part[i] <= 107) ground = "#" named[part[i] - 91]
    }
}

function escaped(text) {
    gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
    return text
}

# Collects the pieces of one colour, which are drawn as one path at the end of a row.
function stroke(colour, thick, d) { strokes[colour " " thick] = strokes[colour " " thick] d }

function flush_text() {
    if (text != "") body = body "<text x=\"" places "\" y=\"" (y + 13) "\"" (text_ink == front ? "" : " fill=\"" text_ink "\"") (text_bold ? " font-weight=\"bold\"" : "") ">" escaped(text) "</text>\n"
    text = ""; places = ""
}

# The cells of one background, side by side.
function flush_area(x) {
    if (wide != "" && x > from) areas[wide] = areas[wide] sprintf("M%d %dh%dv%dh-%dz", from, y, x - from, H, x - from)
    wide = ""
}

function letter(c, x, colour) {
    if (text != "" && (colour != text_ink || bold != text_bold)) flush_text()
    text_ink = colour; text_bold = bold
    text = text c; places = places (places == "" ? "" : " ") x
}

function cell(c, x,    colour, area, swap, n, i, code, dx, dy, a) {
    colour = ink == "" ? front : ink; area = ground
    if (inverse) { swap = area == "" ? back : area; area = colour; colour = swap }
    if (area != wide) { flush_area(x); wide = area; from = x }
    cells[area]++
    if (c == " ") return
    n = index(eighths, c)
    if (length(c) == 3 && n > 0) { n = (n + 2) / 3; fills[colour " 1"] = fills[colour " 1"] sprintf("M%d %gh%dv%gh-%dz", x, y + H - H * n / 8, W, H * n / 8, W); return }
    if (c == "▀") { fills[colour " 1"] = fills[colour " 1"] sprintf("M%d %dh%dv%gh-%dz", x, y, W, H / 2, W); return }
    if (c == "░" || c == "▒" || c == "▓") { a = c == "░" ? 0.25 : c == "▒" ? 0.5 : 0.75; fills[colour " " a] = fills[colour " " a] sprintf("M%d %dh%dv%dh-%dz", x, y, W, H, W); return }
    if (c in arms) {
        a = arms[c]
        if (substr(a, 1, 1) > 0) stroke(colour, substr(a, 1, 1), sprintf("M%d %gh%g", x, y + H / 2, W / 2))
        if (substr(a, 2, 1) > 0) stroke(colour, substr(a, 2, 1), sprintf("M%g %dv%g", x + W / 2, y, H / 2))
        if (substr(a, 3, 1) > 0) stroke(colour, substr(a, 3, 1), sprintf("M%g %gh%g", x + W / 2, y + H / 2, W / 2))
        if (substr(a, 4, 1) > 0) stroke(colour, substr(a, 4, 1), sprintf("M%g %gv%g", x + W / 2, y + H / 2, H / 2))
        return
    }
    if (c == "┄") { stroke(colour, 1, sprintf("M%g %gh2m2 0h2", x + 1, y + H / 2)); return }
    if (c == "┊" || c == "┆") { stroke(colour, 1, sprintf("M%g %gv3m0 3v3m0 3v3", x + W / 2, y + 1)); return }
    if (length(c) == 3 && byte[substr(c, 1, 1)] == 226 && byte[substr(c, 2, 1)] >= 160 && byte[substr(c, 2, 1)] <= 163) {
        code = (byte[substr(c, 2, 1)] - 160) * 64 + byte[substr(c, 3, 1)] - 128
        for (i = 0; i < 8; i++) {
            if (int(code / 2 ^ i) % 2 == 0) continue
            dx = i == 6 ? 0 : i == 7 ? 1 : int(i / 3); dy = i > 5 ? 3 : i % 3
            fills[colour " 1"] = fills[colour " 1"] sprintf("M%g %gh2v2h-2z", x + 1 + 4 * dx, y + 1 + 4.25 * dy)
        }
        return
    }
    letter(c, x, colour)
}

{
    gsub(/\017/, "")
    y = 12 + (NR - 1) * H; column = 0; row = $0; i = 1
    while (i <= length(row)) {
        if (match(substr(row, i), /^\033\[[0-9;]*m/)) { apply(substr(row, i + 2, RLENGTH - 3)); i += RLENGTH; continue }
        first = byte[substr(row, i, 1)]
        size = first < 128 ? 1 : first < 224 ? 2 : first < 240 ? 3 : 4
        c = substr(row, i, size)
        if (c == " ") flush_text()
        cell(c, 12 + column * W)
        column++; i += size
    }
    flush_text()
    flush_area(12 + column * W)
    if (column > columns) columns = column
}

END {
    width = columns * W + 24; height = NR * H + 24
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The dashboard in a terminal of %d x %d\">\n", width, height, columns, NR
    # Cells at the end of a row may not be in the capture.
    for (a in cells) if (a != "" && cells[a] > NR * columns / 2) back = a
    printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"%s\"/>\n", width, height, back
    for (a in areas) if (a != back) printf "<path d=\"%s\" fill=\"%s\"/>\n", areas[a], a
    for (f in fills) { split(f, part, " "); printf "<path d=\"%s\" fill=\"%s\"%s/>\n", fills[f], part[1], part[2] < 1 ? " opacity=\"" part[2] "\"" : "" }
    for (s in strokes) { split(s, part, " "); printf "<path d=\"%s\" stroke=\"%s\" stroke-width=\"%s\" fill=\"none\"/>\n", strokes[s], part[1], part[2] == 2 ? "3.5" : "1" }
    printf "<g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\" fill=\"%s\">\n%s</g>\n</svg>\n", front, body
}
