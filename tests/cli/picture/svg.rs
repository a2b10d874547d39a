//! From the screen of a terminal to a picture of it.

use std::fmt::Write;

/// Of one character, in the picture's units.
const WIDTH: f64 = 7.2;
const HEIGHT: f64 = 17.0;
const PADDING: f64 = 16.0;
/// The bar with the three buttons.
const BAR: f64 = 30.0;

const GROUND: &str = "#1c2128";
const INK: &str = "#d5dbe3";
const FAINT: &str = "#8b95a3";
/// The sixteen colours, as they are read well on the ground.
const PALETTE: [&str; 16] = [
    "#545d68", "#f47067", "#57ab5a", "#daaa3f", "#539bf5", "#b083f0", "#39c5cf", "#cdd9e5",
    "#768390", "#ff938a", "#6bc46d", "#eac55f", "#6cb6ff", "#dcbdfb", "#56d4dd", "#ffffff",
];

/// How characters look.
#[derive(Clone, Default, PartialEq)]
struct Style {
    color: Option<String>,
    bold: bool,
    faint: bool,
    italic: bool,
    underlined: bool,
}

/// Draws a screen.
pub(super) fn draw(screen: &str, title: &str) -> String {
    let rows: Vec<&str> = screen.lines().collect();
    let mut style = Style::default();
    let (mut text, mut widest) = (String::new(), 0);
    for (row, line) in rows.iter().enumerate() {
        let y = BAR + HEIGHT * (row as f64 + 1.0);
        let mut column = 0;
        for (style, part) in parts(line, &mut style) {
            let count = part.chars().count();
            if !part.trim().is_empty() {
                let (start, end) = (part.len() - part.trim_start().len(), part.trim_end().len());
                let x = PADDING + WIDTH * (column + part[..start].chars().count()) as f64;
                let part = &part[start..end];
                // Whatever the font, the columns stay where they are.
                let length = WIDTH * part.chars().count() as f64;
                writeln!(
                    text,
                    "<text x=\"{x:.1}\" y=\"{y:.0}\" textLength=\"{length:.1}\"{}>{}</text>",
                    style.attributes(),
                    escaped(part)
                )
                .unwrap();
            }
            column += count;
            widest = widest.max(column);
        }
    }
    let width = PADDING * 2.0 + WIDTH * widest as f64;
    let height = BAR + HEIGHT * (rows.len() as f64 + 1.0);
    let buttons = ["#f47067", "#daaa3f", "#57ab5a"].iter().enumerate().map(|(number, color)| {
        format!("<circle cx=\"{}\" cy=\"17\" r=\"5\" fill=\"{color}\"/>\n", 21 + 18 * number)
    });
    let buttons: String = buttons.collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n\
         <title>{title}</title>\n\
         <rect x=\".5\" y=\".5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\" fill=\"{GROUND}\" \
         stroke=\"#57606a\"/>\n{buttons}<style>text{{white-space:pre}}</style>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,\
         Liberation Mono,monospace\" font-size=\"12\" fill=\"{INK}\">\n\
         {text}</g>\n</svg>\n",
        width - 1.0,
        height - 1.0
    )
}

/// The text of a drawn screen, a line for each run of characters in one style.
pub(super) fn text(picture: &str) -> String {
    let runs = picture.split("<text ").skip(1);
    let runs = runs.map(|run| run.split('>').nth(1).unwrap_or_default());
    let runs: Vec<&str> = runs.map(|run| run.trim_end_matches("</text")).collect();
    runs.join("\n").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Style {
    fn attributes(&self) -> String {
        let mut attributes = String::new();
        match (&self.color, self.faint) {
            (Some(color), _) => write!(attributes, " fill=\"{color}\"").unwrap(),
            (None, true) => write!(attributes, " fill=\"{FAINT}\"").unwrap(),
            (None, false) => {}
        }
        for (is_so, attribute) in [
            (self.bold, " font-weight=\"bold\""),
            (self.italic, " font-style=\"italic\""),
            (self.underlined, " text-decoration=\"underline\""),
        ] {
            attributes += if is_so { attribute } else { "" };
        }
        attributes
    }

    /// What a "select graphic rendition" of ECMA-48 changes.
    fn select(&mut self, parameters: &str) {
        let numbers: Vec<usize> = parameters
            .split([';', ':'])
            .map(|number| if number.is_empty() { Ok(0) } else { number.parse() })
            .collect::<Result<_, _>>()
            .unwrap();
        let mut rest = &numbers[..];
        while let [number, after @ ..] = rest {
            rest = after;
            match (number, after) {
                (0, _) => *self = Self::default(),
                (1, _) => self.bold = true,
                (2, _) => self.faint = true,
                (3, _) => self.italic = true,
                (4, _) => self.underlined = true,
                (22, _) => (self.bold, self.faint) = (false, false),
                (23, _) => self.italic = false,
                (24, _) => self.underlined = false,
                (30..=37, _) => self.color = Some(PALETTE[number - 30].to_owned()),
                (90..=97, _) => self.color = Some(PALETTE[number - 90 + 8].to_owned()),
                (39, _) => self.color = None,
                // The ground is never another one, and nothing is inverted.
                (27 | 49 | 59, _) => {}
                (38, [5, color, after @ ..]) => {
                    self.color = Some(of_256(*color));
                    rest = after;
                }
                (38, [2, red, green, blue, after @ ..]) => {
                    self.color = Some(format!("#{red:02x}{green:02x}{blue:02x}"));
                    rest = after;
                }
                (other, _) => panic!("the picture has no look for SGR {other} yet"),
            }
        }
    }
}

/// One of xterm's 256 colours.
fn of_256(color: usize) -> String {
    let level = |step: usize| if step == 0 { 0 } else { 55 + 40 * step };
    match color {
        0..=15 => PALETTE[color].to_owned(),
        16..=231 => {
            let color = color - 16;
            let (red, green, blue) = (color / 36, color / 6 % 6, color % 6);
            format!("#{:02x}{:02x}{:02x}", level(red), level(green), level(blue))
        }
        _ => {
            let grey = 8 + 10 * (color - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}

/// The runs of characters of one style in a line; the style goes on into the next line.
fn parts<'a>(line: &'a str, style: &mut Style) -> Vec<(Style, &'a str)> {
    let mut parts = Vec::new();
    let mut pieces = line.split('\u{1b}');
    parts.push((style.clone(), pieces.next().unwrap_or_default()));
    for piece in pieces {
        let (sequence, rest) = match piece.strip_prefix('[') {
            Some(sequence) => sequence.split_once('m').unwrap(),
            // Character sets, and the ends of links.
            None => ("", piece.trim_start_matches(['(', ')', 'B', '\\'])),
        };
        if piece.starts_with('[') {
            style.select(sequence);
        }
        parts.push((style.clone(), rest));
    }
    parts
}
